import { expect } from 'chai';
import * as fc from 'fast-check';
import { averagePrecision } from '../../../src/evaluator/metrics/average-precision.ts';
import { prAucTrapezoid } from '../../../src/evaluator/metrics/pr-auc-trapezoid.ts';
import { rocAuc } from '../../../src/evaluator/metrics/roc-auc.ts';
import { createEvaluationScratch } from '../../../src/evaluator/evaluation-scratch.ts';
import type { CurveKind } from '../../../src/evaluator/pooled/curve-sums.ts';
import { labelCodes, MOST_SELECTIONS } from '../../../src/evaluator/pooled/label-codes.ts';
import { partitionsFor } from '../../../src/evaluator/pooled/partition-map.ts';
import { curveValues, PASS_STEPS, preparePass, runPass } from '../../../src/evaluator/pooled/pooled-pass.ts';
import { rankPooled } from '../../../src/evaluator/rank-pooled.ts';
import { selectRows } from '../../../src/evaluator/selection.ts';
import { randomStream } from '../../../math/random.ts';

const KINDS = ['average_precision', 'pr_auc_trapezoid', 'roc_auc'] as const satisfies readonly CurveKind[];
const BY_RANKING = {
  average_precision: averagePrecision,
  pr_auc_trapezoid: prAucTrapezoid,
  roc_auc: rocAuc,
};
/** Sums of the same terms in another order: a few units in the last place of a number below 1. */
const TOLERANCE = 1e-12;

interface Log {
  readonly utility: readonly number[];
  /** A head each. */
  readonly labels: readonly (readonly number[])[];
  readonly weight: readonly number[] | undefined;
}

function passOf({ utility, labels, weight }: Log, shares: number, partitions?: number) {
  const n = utility.length;
  const requestOffsets = Int32Array.of(0, n);
  const selections = labels.map((label) =>
    selectRows(requestOffsets, Int8Array.from(label), weight && Float64Array.from(weight)),
  );
  const curves = labels.flatMap((_, selection) => KINDS.map((kind) => ({ kind, selection })));
  const scratch = createEvaluationScratch({ rows: n, requestOffsets });
  const codes = labelCodes(selections, n);
  const u = Float64Array.from(utility);
  return { pass: preparePass(codes, curves, u, scratch.pooled.rows, shares, partitions), scratch };
}

function values(log: Log, partitions?: number): readonly (number | undefined)[] {
  const { pass, scratch } = passOf(log, 1, partitions);
  return runPass(pass, scratch.pooled);
}

/** Each step done share by share, the last share first. */
function valuesInShares(log: Log, shares: number, partitions?: number): readonly (number | undefined)[] {
  const { pass } = passOf(log, shares, partitions);
  for (const step of PASS_STEPS) {
    for (let share = shares - 1; share >= 0; share--) step(pass, { share, shares }, { work: undefined });
  }
  return curveValues(pass);
}

function byRanking({ utility, labels, weight }: Log): readonly (number | undefined)[] {
  const requestOffsets = Int32Array.of(0, utility.length);
  const scratch = createEvaluationScratch({ rows: utility.length, requestOffsets });
  const ranking = rankPooled(Float64Array.from(utility), scratch);
  return labels.flatMap((label) =>
    KINDS.map((kind) =>
      BY_RANKING[kind](ranking, Int8Array.from(label), weight && Float64Array.from(weight)),
    ),
  );
}

const total = (of: readonly { readonly w: number }[]): number => of.reduce((sum, { w }) => sum + w, 0);

/** From the definition: every pair of rows. */
function naive({ utility, labels, weight }: Log): readonly (number | undefined)[] {
  return labels.flatMap((label) => {
    const rows = utility.map((u, i) => ({ u, y: label[i]!, w: weight?.[i] ?? 1 })).filter(({ y }) => y >= 0);
    const positives = rows.filter(({ y }) => y > 0);
    const negatives = rows.filter(({ y }) => y === 0);
    if (total(positives) === 0) return [undefined, undefined, undefined];
    const precision = (of: typeof rows): number =>
      total(of) === 0 ? 1 : total(of.filter(({ y }) => y > 0)) / total(of);
    const mean = (value: (u: number) => number): number =>
      positives.reduce((sum, { u, w }) => sum + (w === 0 ? 0 : w * value(u)), 0) / total(positives);
    const atLeast = (u: number): number => precision(rows.filter((row) => row.u >= u));
    const above = (u: number): number => precision(rows.filter((row) => row.u > u));
    const wins = (u: number): number =>
      total(negatives.filter((row) => row.u < u)) + total(negatives.filter((row) => row.u === u)) / 2;
    return [
      mean(atLeast),
      mean((u) => (atLeast(u) + above(u)) / 2),
      total(negatives) === 0 ? undefined : mean(wins) / total(negatives),
    ];
  });
}

function expectClose(
  actual: readonly (number | undefined)[],
  expected: readonly (number | undefined)[],
): void {
  expect(actual.map((value) => value === undefined)).to.deep.equal(
    expected.map((value) => value === undefined),
  );
  actual.forEach((value, k) => {
    if (value !== undefined) expect(value).to.be.closeTo(expected[k]!, TOLERANCE);
  });
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
): fc.Arbitrary<Log> =>
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

const LOGS = {
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

describe('a pooled pass', () => {
  for (const [name, log] of Object.entries(LOGS)) {
    it(`agrees with the ranking and with the definition, in any partitions: ${name}`, () => {
      fc.assert(
        fc.property(log, fc.constantFrom(1, 2, 7, 256), (rows, partitions) => {
          const found = values(rows, partitions);
          expectClose(found, byRanking(rows));
          expectClose(found, naive(rows));
        }),
        { numRuns: 250 },
      );
    });

    it(`gives the same bits in any number of shares: ${name}`, () => {
      fc.assert(
        fc.property(log, fc.constantFrom(1, 3, 256), (rows, partitions) => {
          const whole = values(rows, partitions);
          for (const shares of [2, 3, 7]) {
            expect(valuesInShares(rows, shares, partitions)).to.deep.equal(whole);
          }
        }),
        { numRuns: 25 },
      );
    });
  }

  it('gives the bits of the ranking where a log is one partition, without weights', () => {
    fc.assert(
      fc.property(LOGS['missing labels'], (rows) => {
        expect(values(rows)).to.deep.equal(byRanking(rows));
      }),
      { numRuns: 200 },
    );
  });

  const ROWS = 150_000;
  const SHAPES: Readonly<Record<string, (uniform: () => number) => number>> = {
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
  for (const [shape, draw] of Object.entries(SHAPES)) {
    it(`agrees with the ranking on ${ROWS} rows in ${partitionsFor(ROWS)} partitions: ${shape}`, () => {
      const stream = randomStream(7, shape);
      const uniform = (): number => stream.uniform();
      const log: Log = {
        utility: Array.from({ length: ROWS }, () => draw(uniform)),
        labels: [0.3, 0.02, 0.0001].map((rate) =>
          Array.from({ length: ROWS }, () => (uniform() < rate ? 1 : 0)),
        ),
        weight: undefined,
      };
      const found = values(log);
      expectClose(found, byRanking(log));
      expect(valuesInShares(log, 2)).to.deep.equal(found);
    });
  }

  it('takes eight selections at most', () => {
    const row = selectRows(Int32Array.of(0, 1), Int8Array.of(1));
    expect(() =>
      labelCodes(
        Array.from({ length: MOST_SELECTIONS + 1 }, () => row),
        1,
      ),
    ).to.throw('9 selections in one pass');
  });

  it('refuses more partitions than classes have room for', () => {
    const log = { utility: [1], labels: [[1]], weight: undefined };
    expect(() => values(log, 257)).to.throw(RangeError, '257 partitions');
  });
});
