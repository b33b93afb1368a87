import type { Above, CurveKind } from './curve-sums.ts';
import type { Thresholds } from './partition-work.ts';

/** What influences on a curve need of thresholds: of those of one partition, of all above one, or of all. */
export interface Terms {
  /** Σ of what a positive adds to the precision at each threshold at or below it. */
  readonly gain: number;
  /** Σ of what any row takes from it. */
  readonly loss: number;
}

/** All rows that count, as a curve sees them. */
export interface WholeCurve extends Above, Terms {
  /** Of `CURVE_SUMS`. */
  readonly sum: number;
}

/**
 * The derivatives of curves by the weight of a row, times what each curve's sum is divided by, for the rows of one partition.
 *
 * They depend on the label of the row and on its slot: 2t between the thresholds t − 1 and t, 2t + 1 at threshold t.
 */
export interface InfluenceTable {
  /** Of negatives by slot, and from `firstPositive` on of positives by threshold; each `curves` numbers. */
  readonly values: Float64Array;
  readonly firstPositive: number;
  readonly curves: number;
}

/** Arguments as for `CurveSum`. */
export interface CurveInfluence {
  /** The terms of the thresholds of one partition; undefined where influences need none. */
  readonly terms:
    | ((thresholds: Thresholds, h: number, heads: number, lane: number, lanes: number, above: Above) => Terms)
    | undefined;
  readonly write: (
    thresholds: Thresholds,
    h: number,
    heads: number,
    lane: number,
    lanes: number,
    above: Above & Terms,
    whole: WholeCurve,
    table: InfluenceTable,
    curve: number,
  ) => void;
}

/**
 * Average precision, 1/P Σ_t p_t π_t with the precision π_t = TP_t/N_t. For row i, with the thresholds t ≤ u_i at or below it,
 *
 * P ∂AP/∂w_i = y_i (π_i + Σ_{t ≤ u_i} p_t/N_t − AP) − Σ_{t ≤ u_i} p_t TP_t/N_t²
 *
 * where π_i is the precision at its own threshold, and P, TP, N weights. Sums at and below are those of all less those above.
 */
const averagePrecision: CurveInfluence = {
  terms: ({ positives, tied, between, size }, h, heads, lane, lanes, above) => {
    let truePositives = above.positives;
    let predicted = above.rows;
    let [gain, loss] = [0, 0];
    for (let t = 0; t < size; t++) {
      predicted += between[t * lanes + lane]! + tied[t * lanes + lane]!;
      const here = positives[t * heads + h]!;
      if (here === 0) continue;
      truePositives += here;
      gain += here / predicted;
      loss += ((here / predicted) * truePositives) / predicted;
    }
    return { gain, loss };
  },
  write: ({ positives, tied, between, size }, h, heads, lane, lanes, above, whole, table, curve) => {
    const { values, firstPositive, curves } = table;
    const value = whole.sum / whole.positives;
    let truePositives = above.positives;
    let predicted = above.rows;
    let gain = whole.gain - above.gain;
    let loss = whole.loss - above.loss;
    for (let t = 0; t < size; t++) {
      values[2 * t * curves + curve] = -loss;
      values[(2 * t + 1) * curves + curve] = -loss;
      predicted += between[t * lanes + lane]! + tied[t * lanes + lane]!;
      const here = positives[t * heads + h]!;
      if (here === 0) continue;
      truePositives += here;
      const precision = truePositives / predicted;
      values[(firstPositive + t) * curves + curve] = precision + gain - value - loss;
      gain -= here / predicted;
      loss -= (here / predicted) * precision;
    }
    values[2 * size * curves + curve] = -loss;
  },
};

/**
 * The trapezoid area, 1/P Σ_t p_t (π⁻_t + π_t)/2 with the precision π⁻_t = TP_{t−1}/M_t of the M_t rows above threshold t. For row i
 *
 * P ∂A/∂w_i = y_i ((π⁻_i + π_i)/2 + Σ_{t < u_i} p_t/2M_t + Σ_{t ≤ u_i} p_t/2N_t − A) − Σ_{t < u_i} p_t π⁻_t/2M_t − Σ_{t ≤ u_i} p_t π_t/2N_t
 *
 * Where nothing stands above, π⁻_t = 1 whatever the weights.
 */
const trapezoid: CurveInfluence = {
  terms: ({ positives, tied, between, size }, h, heads, lane, lanes, above) => {
    let truePositives = above.positives;
    let predicted = above.rows;
    let [gain, loss] = [0, 0];
    for (let t = 0; t < size; t++) {
      const before = predicted + between[t * lanes + lane]!;
      predicted = before + tied[t * lanes + lane]!;
      const half = positives[t * heads + h]! / 2;
      if (half === 0) continue;
      if (before > 0) {
        gain += half / before;
        loss += ((half / before) * truePositives) / before;
      }
      truePositives += 2 * half;
      gain += half / predicted;
      loss += ((half / predicted) * truePositives) / predicted;
    }
    return { gain, loss };
  },
  write: ({ positives, tied, between, size }, h, heads, lane, lanes, above, whole, table, curve) => {
    const { values, firstPositive, curves } = table;
    const value = whole.sum / whole.positives;
    let truePositives = above.positives;
    let predicted = above.rows;
    let gain = whole.gain - above.gain;
    let loss = whole.loss - above.loss;
    for (let t = 0; t < size; t++) {
      values[2 * t * curves + curve] = -loss;
      const before = predicted + between[t * lanes + lane]!;
      predicted = before + tied[t * lanes + lane]!;
      const half = positives[t * heads + h]! / 2;
      const precisionBefore = before > 0 ? truePositives / before : 1;
      if (half > 0 && before > 0) {
        gain -= half / before;
        loss -= (half / before) * precisionBefore;
      }
      values[(2 * t + 1) * curves + curve] = -loss;
      if (half === 0) continue;
      truePositives += 2 * half;
      const precision = truePositives / predicted;
      values[(firstPositive + t) * curves + curve] = (precisionBefore + precision) / 2 + gain - value - loss;
      gain -= half / predicted;
      loss -= (half / predicted) * precision;
    }
    values[2 * size * curves + curve] = -loss;
  },
};

/**
 * The area under the ROC curve, pairs/(P Q) with the weight Q of negatives.
 *
 * P Q ∂AUC/∂w_i = below_i − AUC · Q of a positive, above_i − AUC · P of a negative
 *
 * with below_i the negatives below row i and above_i the positives above it, those at its utility by half: the placement values
 * of DeLong, DeLong and Clarke-Pearson 1988.
 */
const rocAuc: CurveInfluence = {
  terms: undefined,
  write: ({ positives, tied, between, size }, h, heads, lane, lanes, above, whole, table, curve) => {
    const { values, firstPositive, curves } = table;
    const negatives = whole.rows - whole.positives;
    const aboveOnAverage = whole.sum / negatives;
    const belowOnAverage = whole.sum / whole.positives;
    let truePositives = above.positives;
    let below = negatives - (above.rows - above.positives);
    for (let t = 0; t < size; t++) {
      values[2 * t * curves + curve] = truePositives - aboveOnAverage;
      below -= between[t * lanes + lane]!;
      const here = positives[t * heads + h]!;
      const beside = tied[t * lanes + lane]! - here;
      values[(2 * t + 1) * curves + curve] = truePositives + here / 2 - aboveOnAverage;
      values[(firstPositive + t) * curves + curve] = below - beside / 2 - belowOnAverage;
      below -= beside;
      truePositives += here;
    }
    values[2 * size * curves + curve] = truePositives - aboveOnAverage;
  },
};

export const CURVE_INFLUENCES: Readonly<Record<CurveKind, CurveInfluence>> = {
  average_precision: averagePrecision,
  pr_auc_trapezoid: trapezoid,
  roc_auc: rocAuc,
};
