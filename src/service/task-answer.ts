import { DomainError } from '../domain/errors.ts';

/** What a task answers: its value, or the domain error that structured cloning would strip of its class. */
export type Answer<Value> =
  | { readonly value: Value }
  | { readonly problem: Pick<DomainError, 'code' | 'message' | 'place' | 'details'> };

export function answer<Value>(compute: () => Value): Answer<Value> {
  try {
    return { value: compute() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, place, details } = error;
    return { problem: { code, message, place, details } };
  }
}
