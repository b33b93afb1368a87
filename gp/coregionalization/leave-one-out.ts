import { inverseInto } from '../../math/triangular.ts';
import type { CoregionalizedProcess } from './coregionalization.ts';
import type { LeaveOneOut } from '../cross-validation.ts';

/**
 * Exact leave-one-out predictions of the observations of all tasks, at fixed hyperparameters.
 *
 * mean_i = y_i − α_i/K⁻¹_ii, variance_i = 1/K⁻¹_ii; length n, each in the raw output units of its task, noise included.
 * O(n³). Source: Rasmussen & Williams 2006, eqs. 5.10–5.12.
 */
export function coregionalizedLeaveOneOut(process: CoregionalizedProcess): LeaveOneOut {
  const { size: n, task, outputs, alpha, standardizations } = process;
  const inverse = new Float64Array(n * n);
  inverseInto(process.cholesky.factor, n, inverse, new Float64Array(n * n));
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const scale = standardizations[task[i]!]!;
    const precision = inverse[i * n + i]!;
    mean[i] = scale.mean + scale.stddev * (outputs[i]! - alpha[i]! / precision);
    variance[i] = scale.stddev ** 2 / precision;
  }
  return { mean, variance };
}
