import type { Thresholds } from './partition-work.ts';

/** What stands above a partition. */
export interface Above {
  /** Positives of the head. */
  readonly positives: number;
  /** Rows that count. */
  readonly rows: number;
}

/** The part of a curve's sum at the thresholds of one partition: of head h of `heads`, rows counted in a lane of `lanes`. */
export type CurveSum = (
  thresholds: Thresholds,
  h: number,
  heads: number,
  lane: number,
  lanes: number,
  above: Above,
) => number;

/**
 * Σ_n (TP_n − TP_{n−1}) TP_n / N_n over thresholds n; the sum of all partitions over the positives is average precision, one step a
 * distinct utility: AP = Σ_n (R_n − R_{n−1}) P_n, with recall R_n and precision P_n at the n-th distinct utility from above.
 *
 * Source: scikit-learn's `average_precision_score`.
 */
export const averagePrecisionSum: CurveSum = (thresholds, h, heads, lane, lanes, above) => {
  const { positives, tied, between, size } = thresholds;
  let truePositives = above.positives;
  let predicted = above.rows + between[lane]!;
  let sum = 0;
  for (let t = 0; t < size; t++) {
    predicted += tied[t * lanes + lane]!;
    const here = positives[t * heads + h]!;
    if (here > 0) {
      truePositives += here;
      sum += (here * truePositives) / predicted;
    }
    predicted += between[(t + 1) * lanes + lane]!;
  }
  return sum;
};

/** Σ_n (TP_n − TP_{n−1}) (P_n + P_{n−1}) / 2 with n − 1 the distinct utility just above, P_0 = 1. */
export const trapezoidSum: CurveSum = (thresholds, h, heads, lane, lanes, above) => {
  const { positives, tied, between, size } = thresholds;
  let truePositives = above.positives;
  let predicted = above.rows + between[lane]!;
  let sum = 0;
  for (let t = 0; t < size; t++) {
    const before = predicted;
    predicted += tied[t * lanes + lane]!;
    const here = positives[t * heads + h]!;
    if (here > 0) {
      const precision = before > 0 ? truePositives / before : 1;
      truePositives += here;
      sum += (here * (precision + truePositives / predicted)) / 2;
    }
    predicted += between[(t + 1) * lanes + lane]!;
  }
  return sum;
};

/** Σ over negatives of the positives above, and half of those at the same utility; AUC is the sum of all over the W₁W₀ pairs. */
export const orderedPairs: CurveSum = (thresholds, h, heads, lane, lanes, above) => {
  const { positives, tied, between, size } = thresholds;
  let truePositives = above.positives;
  let pairs = between[lane]! * truePositives;
  for (let t = 0; t < size; t++) {
    const here = positives[t * heads + h]!;
    pairs += (tied[t * lanes + lane]! - here) * (truePositives + here / 2);
    truePositives += here;
    pairs += between[(t + 1) * lanes + lane]! * truePositives;
  }
  return pairs;
};

export type CurveKind = 'average_precision' | 'pr_auc_trapezoid' | 'roc_auc';

export const CURVE_SUMS: Readonly<Record<CurveKind, CurveSum>> = {
  average_precision: averagePrecisionSum,
  pr_auc_trapezoid: trapezoidSum,
  roc_auc: orderedPairs,
};
