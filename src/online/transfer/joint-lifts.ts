import { dot, solveLower } from '../../../math/triangular.ts';
import { crossGram, scaleInputs, UNIT_AMPLITUDE } from '../../../gp/kernel.ts';
import type { JointPosterior } from '../../../gp/posterior.ts';
import type { LiftProcess } from './lift-process.ts';

/** A variance is at least so much of the prior's: rounding, not knowledge. */
const VARIANCE_FLOOR = 1e-10;

/**
 * Joint posterior of log(1 + lift) over the baseline at m points, f(x_i) − f(x_b) of the online function.
 *
 * q_i = k(x_i) − k(x_b) over the observations: mean = q_iᵀα, covariance = c_ij − q_iᵀK⁻¹q_j + (Hᵀ K⁻¹q_i)ᵀ(HᵀK⁻¹H)⁻¹(HᵀK⁻¹q_j), c_ij =
 * s²(k(x_i, x_j) − k(x_i, x_b) − k(x_j, x_b) + 1); the last term is what the unknown constants add.
 * The noise of the baseline's arms, which all lifts share, is in K.
 * `X` m×d row-major in the unit cube. Throws RangeError on a wrong length.
 */
export function jointLifts(process: LiftProcess, X: Float64Array): JointPosterior {
  const { parameters, dimension: d, scaledInputs, scaledBaseline, between, factor, alpha } = process;
  const { kernel, lengthscales, scales } = parameters;
  const m = X.length / d;
  if (!Number.isInteger(m)) throw new RangeError(`${X.length} numbers are not inputs of dimension ${d}`);
  const n = alpha.length;
  const Z = scaleInputs(X, lengthscales);
  const Q = crossGram(kernel, Z, scaledInputs, d, UNIT_AMPLITUDE);
  const atBaseline = crossGram(kernel, scaledBaseline, scaledInputs, d, UNIT_AMPLITUDE);
  const towardsBaseline = crossGram(kernel, Z, scaledBaseline, d, UNIT_AMPLITUDE);
  const covariance = crossGram(kernel, Z, Z, d, UNIT_AMPLITUDE);
  const mean = new Float64Array(m);
  const G = process.constantsFactor.length ** 0.5;
  const unknown = new Float64Array(m * G);
  const variance = scales[1] ** 2;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) Q[i * n + j] = between[j]! * (Q[i * n + j]! - atBaseline[j]!);
    mean[i] = dot(Q, i * n, alpha, 0, n);
    solveLower(factor, n, Q, i * n);
    for (let g = 0; g < G; g++) unknown[i * G + g] = dot(process.whitenedConstants, g * n, Q, i * n, n);
    solveLower(process.constantsFactor, G, unknown, i * G);
    for (let j = 0; j <= i; j++) {
      const prior = variance * (covariance[i * m + j]! - towardsBaseline[i]! - towardsBaseline[j]! + 1);
      const known = dot(Q, i * n, Q, j * n, n) - dot(unknown, i * G, unknown, j * G, G);
      const left = prior - known;
      covariance[i * m + j] = i === j ? Math.max(VARIANCE_FLOOR * variance, left) : left;
      covariance[j * m + i] = covariance[i * m + j]!;
    }
  }
  return { mean, covariance };
}
