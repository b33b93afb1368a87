import { covarianceRoot } from '../../../math/covariance-root.ts';
import { dot } from '../../../math/triangular.ts';
import type { MetricCorrelation } from '../../domain/readout.ts';

/** Correlations are written with two digits or more. */
const WRITTEN = 0.02;

/** The correlations of metrics as a matrix T×T, 0 where a pair is not told; pairs of others are left out. */
export function correlationMatrix(
  correlations: readonly MetricCorrelation[],
  names: readonly string[],
): Float64Array {
  const T = names.length;
  const matrix = Float64Array.from({ length: T * T }, (_, at) => Number(Math.floor(at / T) === at % T));
  for (const { metrics, correlation } of correlations) {
    const [a, b] = metrics.map((metric) => names.indexOf(metric)) as [number, number];
    if (a < 0 || b < 0) continue;
    matrix[a * T + b] = correlation;
    matrix[b * T + a] = correlation;
  }
  return matrix;
}

/** The matrix without the negative eigenvalues that rounded digits leave; its diagonal stays (`covarianceRoot`). */
export function withoutRounding(matrix: Float64Array, size: number): Float64Array {
  const root = covarianceRoot(matrix, size);
  return matrix.map((_, at) => dot(root, Math.floor(at / size) * size, root, (at % size) * size, size));
}

/** Whether some numbers have these correlations, but for the digits that people write. */
export function areOfNumbers(matrix: Float64Array, size: number): boolean {
  const possible = withoutRounding(matrix, size);
  return matrix.every((value, at) => Math.abs(possible[at]! - value) <= WRITTEN);
}
