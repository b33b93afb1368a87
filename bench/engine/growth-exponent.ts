import { mean } from '../../math/statistics.ts';

/** The p of ms ∝ n^p: the least-squares slope of log ms against log n. */
export function growthExponent(
  points: readonly { readonly observations: number; readonly ms: number }[],
): number {
  const x = Float64Array.from(points, ({ observations }) => Math.log(observations));
  const y = Float64Array.from(points, ({ ms }) => Math.log(ms));
  const [centreX, centreY] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - centreX) * (y[i]! - centreY), 0);
  return covariance / x.reduce((sum, value) => sum + (value - centreX) ** 2, 0);
}
