import { DomainError, type ErrorCode, type ErrorPlace, pointerOf } from './errors.ts';

/** Deeper than any input of ours: what walks a value by recursion stays far from the end of the stack. */
const DEEPEST = 32;

const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Throws where a value from outside is nested too deep for what walks it by recursion. */
export function checkDepth(value: unknown, code: ErrorCode, place: ErrorPlace = {}): void {
  for (const { value: inner, depth } of parts(value)) {
    if (depth >= DEEPEST && typeof inner === 'object' && inner !== null) {
      throw new DomainError(code, `is nested deeper than ${DEEPEST} levels: expected fewer`, place);
    }
  }
}

/** Longer than any text of ours. */
const LONGEST_TEXT = 10_000;

/** Throws where a value from outside holds a text, or a key, that is longer than any schema takes. */
export function checkLengths(value: unknown, code: ErrorCode): void {
  for (const part of parts(value)) {
    const place = isTooLong(part.key) && part.key !== null ? part.within : part;
    if (place === part && !isTooLong(part.value)) continue;
    const detail = `has a text of more than ${LONGEST_TEXT} characters: expected a shorter one`;
    throw new DomainError(code, detail, { pointer: pointerTo(place) });
  }
}

function isTooLong(text: unknown): boolean {
  return typeof text === 'string' && text.length > LONGEST_TEXT;
}

/** The pointer of a key that would reach an object's prototype; schemas would drop it without a word. */
export function prototypeKey(value: unknown): string | undefined {
  for (const part of parts(value)) {
    if (typeof part.key === 'string' && RESERVED.has(part.key)) return pointerTo(part);
  }
  return undefined;
}

/** A value and how it is reached: the one that was given, with no key, or one under a key of another. */
type Part = { readonly value: unknown; readonly depth: number } & (
  { readonly key: null } | { readonly key: string | number; readonly within: Part }
);

/** The value and all that is in it, as it is written, without recursion: a value may be as deep as its text is long. */
function* parts(value: unknown): Generator<Part> {
  const open: Part[] = [{ value, depth: 0, key: null }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    yield part;
    for (const [key, below] of entriesOf(part.value).reverse()) {
      open.push({ value: below, depth: part.depth + 1, key, within: part });
    }
  }
}

function entriesOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, i) => [i, item] as const);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function pointerTo(part: Part): string {
  const keys: (string | number)[] = [];
  for (let at = part; at.key !== null; at = at.within) keys.unshift(at.key);
  return pointerOf(keys);
}
