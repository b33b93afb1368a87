/**
 * The mean precision at p positives, each with r negatives more above it than the one before.
 *
 * (1/p) Σ_{i=1}^p (T + i)/(N + (1 + r) i), or with weights (1/p) ∫₀^p (T + s)/(N + (1 + r) s) ds
 *
 * `truePositives` T ≤ `predicted` N, both before the first; `positives` p > 0; `negatives` r ≥ 0 a positive.
 */
export function meanPrecision(
  truePositives: number,
  predicted: number,
  positives: number,
  negatives: number,
  weighted: boolean,
): number {
  const step = 1 + negatives;
  if (weighted) return meanIntegral(truePositives, predicted, positives, step);
  let sum = 0;
  for (let i = 1; i <= positives; i++) sum += (truePositives + i) / (predicted + step * i);
  return sum / positives;
}

/** (1/p) ∫₀^p (T + s)/(N + k s) ds = 1/k + (T/N − 1/k) ln(1 + x)/x, x = k p/N. */
export function meanIntegral(
  truePositives: number,
  predicted: number,
  positives: number,
  step: number,
): number {
  if (predicted === 0) return 1 / step;
  const x = (step * positives) / predicted;
  return 1 / step + (truePositives / predicted - 1 / step) * (Math.log1p(x) / x);
}
