/**
 * Weighted mean squared error of probabilities over the rows that have a label.
 *
 * B = Σ w_i (p_i − y_i)² / Σ w_i
 *
 * `probability` n in [0, 1]; `label` n, negative where missing; `weight` n ≥ 0, 1 by default. Undefined when no
 * row with a label weighs anything.
 *
 * Source: Brier 1950; scikit-learn's `brier_score_loss`.
 */
export function brierScore(
  probability: Float64Array,
  label: Int8Array,
  weight?: Float64Array,
): number | undefined {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[i]!;
    sum += w * squaredError(probability[i]!, y);
    total += w;
  }
  return total === 0 ? undefined : sum / total;
}

/** (p − y)². */
export function squaredError(probability: number, label: number): number {
  const error = probability - label;
  return error * error;
}
