/** How far the mean probability of a head is from its base rate, and how far chance would put it. */
export interface CalibrationBias {
  /** Mean probability less base rate. */
  readonly bias: number;
  /** From the spread between requests, whose rows go together: √(Σ_r (Σ_{i ∈ r} w_i (p_i − y_i − bias))²) / Σ w. */
  readonly standardError: number;
}

/** Undefined where rows with a label weigh nothing. */
export function calibrationBias(
  probability: Float64Array,
  label: Int8Array,
  requestOffsets: Int32Array,
  weight?: Float64Array,
): CalibrationBias | undefined {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    if (label[i]! < 0) continue;
    const w = weight === undefined ? 1 : weight[i]!;
    sum += w * (probability[i]! - label[i]!);
    total += w;
  }
  if (total === 0) return undefined;
  const bias = sum / total;
  let squares = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    let gap = 0;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      if (label[i]! < 0) continue;
      gap += (weight === undefined ? 1 : weight[i]!) * (probability[i]! - label[i]! - bias);
    }
    squares += gap * gap;
  }
  return { bias, standardError: Math.sqrt(squares) / total };
}

const LEAST_KEEP_RATE = 1e-6;
const HALVINGS = 20;

/**
 * The β at which the calibrated scores have the base rate as their mean, to six digits in ln β by bisection; undefined where
 * none in [10⁻⁶, 1] has.
 */
export function matchingKeepRate(
  score: Float64Array,
  label: Int8Array,
  weight?: Float64Array,
): number | undefined {
  const excess = (beta: number): number => {
    let sum = 0;
    for (let i = 0; i < label.length; i++) {
      if (label[i]! < 0) continue;
      const scaled = beta * score[i]!;
      sum += (weight === undefined ? 1 : weight[i]!) * (scaled / (scaled - score[i]! + 1) - label[i]!);
    }
    return sum;
  };
  if (excess(1) < 0 || excess(LEAST_KEEP_RATE) > 0) return undefined;
  let low = Math.log(LEAST_KEEP_RATE);
  let high = 0;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (excess(Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}
