import { inverseInto } from '../math/triangular-inverse.ts';
import type { GaussianProcess } from './gaussian-process.ts';
import type { Standardization } from './standardize.ts';

/** What the other observations say of each one, in raw output units; variances include its noise. */
export interface LeaveOneOut {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * Exact leave-one-out predictions of the observations, at fixed hyperparameters.
 *
 * mean_i = y_i − α_i/K⁻¹_ii, variance_i = 1/K⁻¹_ii, K with the noise on its diagonal. O(n³).
 * Source: Rasmussen & Williams 2006, eqs. 5.10–5.12.
 */
export function leaveOneOut(gp: GaussianProcess): LeaveOneOut {
  return leaveOneOutOf(gp, () => gp.standardization);
}

/** The same of any process, with the standardisation of each observation. */
export function leaveOneOutOf(
  { size: n, outputs, alpha, cholesky }: Pick<GaussianProcess, 'size' | 'outputs' | 'alpha' | 'cholesky'>,
  standardizationOf: (observation: number) => Standardization,
): LeaveOneOut {
  const inverse = new Float64Array(n * n);
  inverseInto(cholesky.factor, n, inverse, new Float64Array(n * n));
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const scale = standardizationOf(i);
    const precision = inverse[i * n + i]!;
    mean[i] = scale.mean + scale.stddev * (outputs[i]! - alpha[i]! / precision);
    variance[i] = scale.stddev ** 2 / precision;
  }
  return { mean, variance };
}
