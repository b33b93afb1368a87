import { InvalidArgumentError } from 'commander';

export type Pairs = Readonly<Record<string, string>>;

/** Parses NAME=VALUE, which may be repeated; commander tells the user where it is not one. */
export function pairOption(text: string, before: Pairs | undefined): Pairs {
  const at = text.indexOf('=');
  const name = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  if (at < 0 || name === '' || value === '') {
    throw new InvalidArgumentError('Expected METRIC=VALUE.');
  }
  if (name === '__proto__' || Object.hasOwn(before ?? {}, name)) {
    throw new InvalidArgumentError(`${name} has a value already.`);
  }
  return { ...before, [name]: value };
}

export type NumberPairs = Readonly<Record<string, number>>;

/** Parses METRIC=NUMBER, which may be repeated. */
export function numberPairOption(text: string, before: NumberPairs | undefined): NumberPairs {
  const [[name, value]] = Object.entries(pairOption(text, undefined)) as [[string, string]];
  const number = Number(value);
  if (!Number.isFinite(number)) throw new InvalidArgumentError('Expected METRIC=NUMBER, such as saves=0.02.');
  if (Object.hasOwn(before ?? {}, name)) throw new InvalidArgumentError(`${name} has a value already.`);
  return { ...before, [name]: number };
}

/** Parses an option that may be repeated. */
export function listOption(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
