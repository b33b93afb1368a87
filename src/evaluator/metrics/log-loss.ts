/**
 * Mean negative log likelihood of the labels, in nats, over the rows that have one.
 *
 * L = −Σ [y_i ln p_i + (1 − y_i) ln(1 − p_i)] / n
 *
 * `probability` n, clipped to [ε, 1 − ε] with ε = 2⁻⁵² as scikit-learn does, so one certain mistake costs 36 nats and not infinity;
 * `label` n, negative where missing. Undefined when no row has a label.
 *
 * Source: scikit-learn's `log_loss`.
 */
export function logLoss(probability: Float64Array, label: Int8Array): number | undefined {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (y < 0) continue;
    const p = Math.min(Math.max(probability[i]!, Number.EPSILON), 1 - Number.EPSILON);
    sum -= Math.log(y === 1 ? p : 1 - p);
    count++;
  }
  return count === 0 ? undefined : sum / count;
}
