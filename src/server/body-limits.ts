import type { RequestHandler } from 'express';
import { DomainError } from '../domain/errors.ts';

/** Deeper than any body of ours: what walks a body by recursion stays far from the end of the stack. */
const DEEPEST = 32;

/** Beyond any measurement or weight: squares of such numbers, and products of them, stay finite in the models. */
const LARGEST_NUMBER = 1e100;

/** Refuses a body that is nested too deep, or a number in it too large, before a schema looks at it. */
export const bodyLimits: RequestHandler = (request, _response, next) => {
  checkLimits(request.body);
  next();
};

function checkLimits(body: unknown): void {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: body, pointer: '', depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, pointer, depth } = item;
    if (typeof value === 'number' && !(Math.abs(value) <= LARGEST_NUMBER)) {
      const expected = `expected a number of at most ${LARGEST_NUMBER} in size`;
      throw new DomainError('request_invalid', `is too large: ${expected}`, { pointer });
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth === DEEPEST) {
      throw new DomainError('request_invalid', `the body is nested deeper than ${DEEPEST} levels`);
    }
    for (const [key, below] of Object.entries(value)) {
      const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
      open.push({ value: below, pointer: `${pointer}/${escaped}`, depth: depth + 1 });
    }
  }
}
