/**
 * Mean squared error of probabilities over the rows that have a label.
 *
 * B = Σ (p_i − y_i)² / n
 *
 * `probability` n in [0, 1]; `label` n, negative where missing. Undefined when no row has a label.
 *
 * Source: Brier 1950; scikit-learn's `brier_score_loss`.
 */
export function brierScore(probability: Float64Array, label: Int8Array): number | undefined {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (y < 0) continue;
    const error = probability[i]! - y;
    sum += error * error;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}
