import type { CurveKind } from '../pooled/curve-sums.ts';
import { LANES } from './replicate-counts.ts';

/** Successive blocks of tied rows, from above, in which a selection has positives, and what rows weigh in `LANES` replicates. */
export interface CurveBlocks {
  size: number;
  /** Where `rows` holds the weight of the rows above each block; that through the block is in the next entry. */
  readonly place: Int32Array;
  /** LANES numbers an entry. */
  readonly rows: Float64Array;
  /** (size + 1) · LANES: the weight of the positives above the first block, then through each. */
  readonly positives: Float64Array;
}

/** A curve's sum over blocks in `LANES` replicates, and the metric from it. */
export interface CurveReplicates {
  /** Adds to `sums`, one for each lane. */
  readonly add: (blocks: CurveBlocks, sums: Float64Array) => void;
  /** NaN where the replicate leaves the metric undefined. `positives` and `rows` are the weights of all. */
  readonly value: (sum: number, positives: number, rows: number) => number;
}

const overPositives: CurveReplicates['value'] = (sum, positives) => sum / positives;

/** Σ_b p_b TP_b/N_b over blocks b with p_b of the positives TP_b and the rows N_b down to it. */
const averagePrecision: CurveReplicates = {
  add: ({ size, place, rows, positives }, sums) => {
    for (let lane = 0; lane < LANES; lane++) {
      let above = positives[lane]!;
      let sum = sums[lane]!;
      for (let k = 0; k < size; k++) {
        const through = positives[(k + 1) * LANES + lane]!;
        // Without a branch, which no processor would foresee: 0 where the replicate has none of the rows.
        const predicted = Math.max(rows[place[k]! + LANES + lane]!, Number.MIN_VALUE);
        sum += ((through - above) * through) / predicted;
        above = through;
      }
      sums[lane] = sum;
    }
  },
  value: overPositives,
};

/** Σ_b p_b (π_b + π⁻_b)/2 with the precisions down to block b and above it, where nothing is above 1. */
const trapezoid: CurveReplicates = {
  add: ({ size, place, rows, positives }, sums) => {
    for (let lane = 0; lane < LANES; lane++) {
      let above = positives[lane]!;
      let sum = sums[lane]!;
      for (let k = 0; k < size; k++) {
        const through = positives[(k + 1) * LANES + lane]!;
        const rowsAbove = rows[place[k]! + lane]!;
        const before = rowsAbove === 0 ? 1 : above / rowsAbove;
        const precision = through / Math.max(rows[place[k]! + LANES + lane]!, Number.MIN_VALUE);
        sum += ((through - above) * (before + precision)) / 2;
        above = through;
      }
      sums[lane] = sum;
    }
  },
  value: overPositives,
};

/** Σ_b p_b (negatives above block b + half of those in it): the pairs that are misordered. */
const rocAuc: CurveReplicates = {
  add: ({ size, place, rows, positives }, sums) => {
    for (let lane = 0; lane < LANES; lane++) {
      let above = positives[lane]!;
      let sum = sums[lane]!;
      for (let k = 0; k < size; k++) {
        const through = positives[(k + 1) * LANES + lane]!;
        const negativesAbove = rows[place[k]! + lane]! - above;
        const negativesThrough = rows[place[k]! + LANES + lane]! - through;
        sum += ((through - above) * (negativesAbove + negativesThrough)) / 2;
        above = through;
      }
      sums[lane] = sum;
    }
  },
  value: (misordered, positives, rows) => 1 - misordered / (positives * (rows - positives)),
};

export const CURVE_REPLICATES: Readonly<Record<CurveKind, CurveReplicates>> = {
  average_precision: averagePrecision,
  pr_auc_trapezoid: trapezoid,
  roc_auc: rocAuc,
};
