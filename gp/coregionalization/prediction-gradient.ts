import { dot, solveLower, solveUpper } from '../../math/triangular.ts';
import type { CoregionalizedProcess } from './coregionalization.ts';
import { checkTask } from './data.ts';
import type { CoregionalizedMixture } from './mixture.ts';
import { scaleInputs, squaredDistance } from '../kernel.ts';
import { gradientMoments, type GradientMoments } from '../linear-combination.ts';
import { addMomentSlopes, scaleMomentSlopes } from '../moment-slopes.ts';
import { VARIANCE_FLOOR } from '../posterior.ts';

/**
 * `predictTask` with its gradients in x.
 *
 * ∂mean/∂x = Σ α_i ∂k*_i, ∂variance/∂x = −2 Σ (K⁻¹k*)_i ∂k*_i, ∂k*_i/∂x_j = 2B_{t t_i} k′(r²)(x_j − X_ij)/ℓ_j²; the variance's
 * gradient is 0 where the variance is at its floor.
 * `x` length d in the unit cube; raw output units of the task. Throws RangeError on a wrong length or task.
 */
export function predictTaskWithGradient(
  process: CoregionalizedProcess,
  task: number,
  x: Float64Array,
  out: GradientMoments,
): void {
  const { size: n, dimension: d, taskCount: T, kernel, scaledInputs, alpha, cholesky } = process;
  const { lengthscales, means } = process.hyperparameters;
  if (x.length !== d) throw new RangeError(`${x.length} numbers are not one input of dimension ${d}`);
  checkTask(task, T);
  const { meanGradient, varianceGradient } = out;
  const z = scaleInputs(x, lengthscales);
  const slopes = new Float64Array(n);
  const solved = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const between = process.taskCovariance[task * T + process.task[i]!]!;
    const r2 = squaredDistance(z, 0, scaledInputs, i * d, d);
    const value = kernel.value(r2);
    solved[i] = between * value;
    slopes[i] = between * kernel.derivative(r2, value);
  }
  const explainedMean = dot(solved, 0, alpha, 0, n);
  solveLower(cholesky.factor, n, solved);
  const prior = process.taskCovariance[task * T + task]!;
  const latent = prior - dot(solved, 0, solved, 0, n);
  const variance = Math.max(VARIANCE_FLOOR * prior, latent);
  solveUpper(cholesky.factor, n, solved);
  meanGradient.fill(0);
  varianceGradient.fill(0);
  addMomentSlopes(alpha, solved, slopes, z, scaledInputs, meanGradient, varianceGradient);
  const { mean: centre, stddev } = process.standardizations[task]!;
  scaleMomentSlopes(stddev, lengthscales, variance !== latent, meanGradient, varianceGradient);
  out.mean = centre + stddev * (means[task]! + explainedMean);
  out.variance = stddev * stddev * variance;
}

/**
 * `predictMixture` with its gradients in x: ∂mean = Σ w_g ∂m_g, ∂variance = Σ w_g (∂v_g + 2(m_g − mean) ∂m_g).
 *
 * Units and errors as `predictTaskWithGradient`.
 */
export function predictMixtureWithGradient(
  { components }: CoregionalizedMixture,
  task: number,
  x: Float64Array,
  out: GradientMoments,
): void {
  const parts = components.map(({ process }) => {
    const part = gradientMoments(x.length);
    predictTaskWithGradient(process, task, x, part);
    return part;
  });
  out.mean = 0;
  out.variance = 0;
  out.meanGradient.fill(0);
  out.varianceGradient.fill(0);
  components.forEach(({ weight }, g) => (out.mean += weight * parts[g]!.mean));
  components.forEach(({ weight }, g) => {
    const { mean, variance, meanGradient, varianceGradient } = parts[g]!;
    const offset = mean - out.mean;
    out.variance += weight * (variance + offset * offset);
    for (let k = 0; k < x.length; k++) {
      out.meanGradient[k]! += weight * meanGradient[k]!;
      out.varianceGradient[k]! += weight * (varianceGradient[k]! + 2 * offset * meanGradient[k]!);
    }
  });
}
