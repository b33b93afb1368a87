/**
 * Weighted mean negative log likelihood of the labels, in nats, over the rows that have one.
 *
 * L = −Σ w_i [y_i ln p_i + (1 − y_i) ln(1 − p_i)] / Σ w_i
 *
 * `probability` n, clipped to [ε, 1 − ε] with ε = 2⁻⁵² as scikit-learn does, so one certain mistake costs 36 nats and not infinity;
 * `label` n, negative where missing; `weight` n ≥ 0, 1 by default. Undefined when no row with a label weighs anything.
 *
 * Source: scikit-learn's `log_loss`.
 */
export function logLoss(
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
    sum += w * negativeLogLikelihood(probability[i]!, y);
    total += w;
  }
  return total === 0 ? undefined : sum / total;
}

/** −ln P(label) in nats, p clipped to [ε, 1 − ε]. */
export function negativeLogLikelihood(probability: number, label: number): number {
  const p = Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON);
  return -Math.log(label === 1 ? p : 1 - p);
}
