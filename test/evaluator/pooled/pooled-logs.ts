import * as fc from 'fast-check';

export interface PooledLog {
  readonly utility: readonly number[];
  /** A head each. */
  readonly labels: readonly (readonly number[])[];
  readonly weight: readonly number[] | undefined;
}

const { MIN_VALUE, MAX_VALUE, EPSILON } = Number;
const utility = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, -0, 0.5, -0.5, 1, 1 + EPSILON, 1 - EPSILON / 2) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, min: -1, max: 1 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.integer({ min: -300, max: 300 }).map((exponent) => 10 ** exponent) },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 5 }).map((k) => k * MIN_VALUE) },
  { weight: 1, arbitrary: fc.constantFrom(MIN_VALUE, -MIN_VALUE, MAX_VALUE, -MAX_VALUE) },
);
const someLog = (
  label: fc.Arbitrary<number>,
  rowWeight: fc.Arbitrary<number> | undefined,
): fc.Arbitrary<PooledLog> =>
  fc
    .array(fc.tuple(utility, fc.tuple(label, label, label), rowWeight ?? fc.constant(1)), {
      minLength: 1,
      maxLength: 90,
    })
    .map((rows) => ({
      utility: rows.map(([u]) => u),
      labels: [0, 1, 2].map((h) => rows.map(([, y]) => y[h]!)),
      weight: rowWeight && rows.map(([, , w]) => w),
    }));

export const LOGS = {
  'every label there': someLog(fc.constantFrom(0, 0, 0, 1), undefined),
  'rare positives': someLog(
    fc.nat({ max: 40 }).map((k) => (k === 0 ? 1 : 0)),
    undefined,
  ),
  'positives only': someLog(fc.constant(1), undefined),
  'missing labels': someLog(fc.constantFrom(-1, 0, 0, 1), undefined),
  'weights, some 0': someLog(fc.constantFrom(0, 0, 1), fc.constantFrom(0, 0.1, 1, 2.7)),
  'weights and missing labels': someLog(fc.constantFrom(-1, 0, 1), fc.constantFrom(0, 0.1, 1, 2.7)),
};

/** More than two partitions. */
export const ROWS = 150_000;
export const SHAPES: Readonly<Record<string, (uniform: () => number) => number>> = {
  uniform: (uniform) => uniform(),
  skewed: (uniform) => uniform() ** 40,
  'over 600 orders of magnitude': (uniform) => 10 ** (600 * uniform() - 300),
  'a narrow cluster beside an outlier': (uniform) => (uniform() < 1e-4 ? 1e12 : 1 + 1e-12 * uniform()),
  'clusters inside clusters': (uniform) => 8 ** -Math.floor(20 * uniform()) * (1 + 1e-9 * uniform()),
  'mostly one value': (uniform) => (uniform() < 0.999 ? 0.25 : uniform()),
  'all equal': () => 0.1,
  'ten values': (uniform) => Math.floor(10 * uniform()) / 10,
  'denormals of both signs': (uniform) => Math.floor(1000 * uniform() - 500) * MIN_VALUE,
};

export function shapedLog(
  stream: { uniform: () => number },
  draw: (uniform: () => number) => number,
): PooledLog {
  const uniform = (): number => stream.uniform();
  return {
    utility: Array.from({ length: ROWS }, () => draw(uniform)),
    labels: [0.3, 0.02, 0.0001].map((rate) => Array.from({ length: ROWS }, () => (uniform() < rate ? 1 : 0))),
    weight: undefined,
  };
}
