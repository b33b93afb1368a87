/**
 * Arithmetic mean, x̄ = x₀ + Σ(xᵢ − x₀)/n.
 *
 * Measured from the first value, so that a constant is its own mean exactly and a big offset costs no digits.
 * Throws RangeError on an empty sample.
 */
export function mean(values: Float64Array): number {
  if (values.length === 0) throw new RangeError('mean of 0 values');
  const origin = values[0]!;
  let sum = 0;
  for (const value of values) sum += value - origin;
  return origin + sum / values.length;
}

/**
 * Sample variance about the mean, s² = (Σδᵢ² − (Σδᵢ)²/n) / (n − 1), δᵢ = xᵢ − x̄.
 *
 * Two passes; the second term removes what rounding left in x̄ (Chan, Golub & LeVeque 1983).
 * Throws RangeError on fewer than two values.
 */
export function sampleVariance(values: Float64Array): number {
  const n = values.length;
  if (n < 2) throw new RangeError(`sample variance of ${n} values`);
  const centre = mean(values);
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value - centre;
    squares += (value - centre) ** 2;
  }
  return Math.max(0, (squares - (sum * sum) / n) / (n - 1));
}

/** Square root of `sampleVariance`. */
export function sampleStddev(values: Float64Array): number {
  return Math.sqrt(sampleVariance(values));
}

/**
 * The middle value, or the mean of the middle two.
 *
 * Throws RangeError on an empty sample.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median of 0 values');
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1]!;
  if (sorted.length % 2 === 1) return upper;
  return (sorted[(sorted.length >> 1) - 1]! + upper) / 2;
}
