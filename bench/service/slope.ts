/** A line through points: its slope, and the standard error of that where residuals are independent. */
export interface Slope {
  readonly slope: number;
  readonly standardError: number;
}

/**
 * Least squares: b = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², se² = Σr² / (n − 2) / Σ(x − x̄)².
 *
 * Throws RangeError for fewer than three points.
 */
export function slope(points: readonly (readonly [number, number])[]): Slope {
  const n = points.length;
  if (n < 3) throw new RangeError(`${n} points: a line with an error needs three`);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let [sxx, sxy] = [0, 0];
  for (const [x, y] of points) {
    sxx += (x - meanX) ** 2;
    sxy += (x - meanX) * (y - meanY);
  }
  const b = sxy / sxx;
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - b * (x - meanX)) ** 2, 0);
  return { slope: b, standardError: Math.sqrt(residual / (n - 2) / sxx) };
}
