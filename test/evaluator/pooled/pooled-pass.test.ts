import { expect } from 'chai';
import * as fc from 'fast-check';
import { averagePrecision } from '../ranked-average-precision.ts';
import { prAucTrapezoid } from '../ranked-pr-auc-trapezoid.ts';
import { rocAuc } from '../ranked-roc-auc.ts';
import { createEvaluationScratch } from '../../../src/evaluator/evaluation-scratch.ts';
import type { CurveKind } from '../../../src/evaluator/pooled/curve-sums.ts';
import { labelCodes, MOST_SELECTIONS } from '../../../src/evaluator/pooled/label-codes.ts';
import { partitionsFor } from '../../../src/evaluator/pooled/partition-map.ts';
import { curveValues, preparePass, stepsOf } from '../../../src/evaluator/pooled/pooled-pass.ts';
import { rankPooled } from '../../../src/evaluator/rank-pooled.ts';
import { selectRows } from '../../../src/evaluator/selection.ts';
import { randomStream } from '../../../math/random.ts';
import { LOGS, type PooledLog, ROWS, shapedLog, SHAPES } from './pooled-logs.ts';

const KINDS = ['average_precision', 'pr_auc_trapezoid', 'roc_auc'] as const satisfies readonly CurveKind[];
const BY_RANKING = {
  average_precision: averagePrecision,
  pr_auc_trapezoid: prAucTrapezoid,
  roc_auc: rocAuc,
};
/** Sums of the same terms in another order: a few units in the last place of a number below 1. */
const TOLERANCE = 1e-12;

function passOf({ utility, labels, weight }: PooledLog, shares: number, partitions?: number) {
  const n = utility.length;
  const requestOffsets = Int32Array.of(0, n);
  const selections = labels.map((label) =>
    selectRows(requestOffsets, Int8Array.from(label), weight && Float64Array.from(weight)),
  );
  const curves = labels.flatMap((_, selection) => KINDS.map((kind) => ({ kind, selection })));
  const scratch = createEvaluationScratch({ rows: n, requestOffsets });
  const codes = labelCodes(selections, n);
  const u = Float64Array.from(utility);
  return {
    pass: preparePass(codes, curves, u, scratch.pooled.rows, {
      shares,
      ...(partitions !== undefined && { partitions }),
    }),
    scratch,
  };
}

function values(log: PooledLog, partitions?: number): readonly (number | undefined)[] {
  return valuesInShares(log, 1, partitions);
}

/** Each step done share by share, the last share first. */
function valuesInShares(
  log: PooledLog,
  shares: number,
  partitions?: number,
): readonly (number | undefined)[] {
  const { pass } = passOf(log, shares, partitions);
  for (const step of stepsOf(pass)) {
    for (let share = shares - 1; share >= 0; share--)
      step(pass, { share, shares }, { work: undefined, table: undefined });
  }
  return curveValues(pass);
}

function byRanking({ utility, labels, weight }: PooledLog): readonly (number | undefined)[] {
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
function naive({ utility, labels, weight }: PooledLog): readonly (number | undefined)[] {
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

  for (const [shape, draw] of Object.entries(SHAPES)) {
    it(`agrees with the ranking on ${ROWS} rows in ${partitionsFor(ROWS)} partitions: ${shape}`, () => {
      const log = shapedLog(randomStream(7, shape), draw);
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
