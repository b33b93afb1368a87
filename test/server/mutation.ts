import * as fc from 'fast-check';

/** Text, numbers and shapes that have broken programs before. */
const TROUBLES: readonly unknown[] = JSON.parse(`[
  null, true, "", " ", "__proto__", "constructor", "baseline", "\\u0000", "\\ud800", "${'x'.repeat(5000)}",
  0, -0, -1, 0.5, 1e-320, 1e-9, 1e15, 1e99, 1e101, 1.7e308, 9007199254740992,
  [], {}, [[]], [0, 0], [0, 1], [1, 0],
  "a <= b", "safety >= 1e99 * baseline", "safety == 1", "fresh + close == 0.5", "1e999 * fresh <= 1", "2 * relevance", "worth - worth"
]`) as unknown[];

export const troublesome = fc.oneof(fc.constantFrom(...TROUBLES), fc.jsonValue({ maxDepth: 3 }));

/** The value with one of its parts, however deep, replaced or joined by another. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return troublesome;
  const entries = Object.entries(value);
  const grown = fc
    .tuple(fc.constantFrom('extra', '__proto__', 'log', 'report', 'heads'), troublesome)
    .map(([key, part]) => withPart(value, key, part));
  const changed = entries.map(([key, part]) => mutated(part).map((other) => withPart(value, key, other)));
  const shrunk = entries.map(([key]) => fc.constant(withoutPart(value, key)));
  return fc.oneof(troublesome, grown, ...shrunk, ...changed.flatMap((change) => [change, change]));
}

function withPart(value: object, key: string, part: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, i) => (String(i) === key ? part : item));
  return Object.defineProperty({ ...value }, key, { value: part, enumerable: true });
}

function withoutPart(value: object, key: string): unknown {
  if (Array.isArray(value)) return value.filter((_, i) => String(i) !== key);
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
}
