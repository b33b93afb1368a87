import { expect } from 'chai';
import * as fc from 'fast-check';
import { randomStream } from '../../../math/random.ts';
import { createEvaluationScratch } from '../../../src/evaluator/evaluation-scratch.ts';
import type { CurveKind } from '../../../src/evaluator/pooled/curve-sums.ts';
import { labelCodes } from '../../../src/evaluator/pooled/label-codes.ts';
import {
  createPassInfluenceScratch,
  groupsFor,
  influenceOn,
} from '../../../src/evaluator/pooled/pass-influences.ts';
import { curveValues, preparePass, stepsOf } from '../../../src/evaluator/pooled/pooled-pass.ts';
import { rankPooled } from '../../../src/evaluator/rank-pooled.ts';
import { selectRows } from '../../../src/evaluator/selection.ts';
import { averagePrecisionInfluence } from '../ranked-average-precision-influence.ts';
import { prAucTrapezoidInfluence } from '../ranked-pr-auc-trapezoid-influence.ts';
import { rocAucInfluence } from '../ranked-roc-auc-influence.ts';
import { LOGS, type PooledLog, ROWS, shapedLog, SHAPES } from './pooled-logs.ts';

const KINDS = ['average_precision', 'pr_auc_trapezoid', 'roc_auc'] as const satisfies readonly CurveKind[];
const BY_RANKING = {
  average_precision: averagePrecisionInfluence,
  pr_auc_trapezoid: prAucTrapezoidInfluence,
  roc_auc: rocAucInfluence,
};

/** Sums of the same terms in another order, relative to the largest of them. */
const TOLERANCE = 1e-12;
/** Influences that are 0 are left with the rounding of terms of about 1, over the least weight of a class, 0.1. */
const CANCELLED = 1e-13;

interface Found {
  readonly values: readonly (number | undefined)[];
  readonly psi: readonly Float64Array[];
}

/** Each step done share by share, the last share first. */
function byPass(
  { utility, labels, weight }: PooledLog,
  ofRow: Int32Array,
  count: number,
  shares = 1,
  partitions?: number,
): Found {
  const n = utility.length;
  const requestOffsets = Int32Array.of(0, n);
  const selections = labels.map((label) =>
    selectRows(requestOffsets, Int8Array.from(label), weight && Float64Array.from(weight)),
  );
  const curves = labels.flatMap((_, selection) => KINDS.map((kind) => ({ kind, selection })));
  const { pooled } = createEvaluationScratch({ rows: n, requestOffsets });
  const pass = preparePass(labelCodes(selections, n), curves, Float64Array.from(utility), pooled.rows, {
    shares,
    ...(partitions !== undefined && { partitions }),
    influences: createPassInfluenceScratch({ count, ofRow }),
  });
  const workers = Array.from({ length: shares }, () => ({ work: undefined, table: undefined }));
  for (const step of stepsOf(pass)) {
    for (let share = shares - 1; share >= 0; share--) step(pass, { share, shares }, workers[share]!);
  }
  return { values: curveValues(pass), psi: curves.map((_, k) => influenceOn(pass.influences!, k)) };
}

function byRanking({ utility, labels, weight }: PooledLog, ofRow: Int32Array, count: number): Float64Array[] {
  const requestOffsets = Int32Array.of(0, utility.length);
  const scratch = createEvaluationScratch({ rows: utility.length, requestOffsets });
  const ranking = rankPooled(Float64Array.from(utility), scratch);
  return labels.flatMap((label) =>
    KINDS.map((kind) => {
      const psi = new Float64Array(count);
      const weights = weight && Float64Array.from(weight);
      BY_RANKING[kind](ranking, Int8Array.from(label), weights, ofRow, psi);
      return psi;
    }),
  );
}

function expectClose({ values, psi }: Found, expected: readonly Float64Array[], cancelled = CANCELLED): void {
  values.forEach((value, k) => {
    if (value === undefined) return;
    const largest = psi[k]!.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    const tolerance = TOLERANCE * largest + cancelled;
    const differences = psi[k]!.map((each, u) => Math.abs(each - expected[k]![u]!));
    expect(differences.findIndex((difference) => !(difference <= tolerance))).to.equal(-1);
  });
}

/** Units whose rows lie apart. */
function unitsOf(rows: number, count: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => (i * 7) % count);
}

describe('influences of a pooled pass', () => {
  for (const [name, logs] of Object.entries(LOGS)) {
    it(`agree with those over the ranking, in any partitions: ${name}`, () => {
      fc.assert(
        fc.property(
          logs,
          fc.constantFrom(1, 2, 7, 256),
          fc.constantFrom(1, 5, 90),
          (log, partitions, count) => {
            const ofRow = unitsOf(log.utility.length, count);
            expectClose(byPass(log, ofRow, count, 1, partitions), byRanking(log, ofRow, count));
          },
        ),
        { numRuns: 250 },
      );
    });

    it(`have the same bits in any number of shares: ${name}`, () => {
      fc.assert(
        fc.property(logs, fc.constantFrom(1, 3, 256), (log, partitions) => {
          const ofRow = unitsOf(log.utility.length, 5);
          const whole = byPass(log, ofRow, 5, 1, partitions);
          for (const shares of [2, 3, 7]) {
            expect(byPass(log, ofRow, 5, shares, partitions)).to.deep.equal(whole);
          }
        }),
        { numRuns: 25 },
      );
    });
  }

  for (const [shape, draw] of Object.entries(SHAPES)) {
    it(`agree with those over the ranking on ${ROWS} rows: ${shape}`, () => {
      const log = shapedLog(randomStream(7, shape), draw);
      const count = ROWS / 10;
      const ofRow = Int32Array.from({ length: ROWS }, (_, i) => Math.floor(i / 10));
      const found = byPass(log, ofRow, count);
      expectClose(found, byRanking(log, ofRow, count), CANCELLED / 100);
      const shared = byPass(log, ofRow, count, 2);
      found.psi.forEach((psi, k) =>
        expect(psi.every((each, u) => each === shared.psi[k]![u])).to.equal(true),
      );
    });
  }

  it('are summed in two to four groups of partitions, as many as rows to a unit allow', () => {
    expect(groupsFor(1, 60_000, 10)).to.equal(1);
    expect(groupsFor(153, 10_000_000, 10_000_000)).to.equal(2);
    expect(groupsFor(153, 10_000_000, 600_000)).to.equal(3);
    expect(groupsFor(153, 10_000_000, 1000)).to.equal(4);
  });
});
