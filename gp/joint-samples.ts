import { cholesky } from '../math/cholesky.ts';
import { dot } from '../math/triangular.ts';
import type { GaussianProcess } from './gaussian-process.ts';
import { jointPosterior } from './posterior.ts';

/**
 * Samples of the latent function at m points jointly.
 *
 * f_s = mean + Lε_s, LLᵀ = covariance, of the posterior at X
 *
 * `X` m×d in the unit cube; `normals` S×m standard normal, S any number; S×m in raw output units.
 * Throws RangeError on a wrong length, NotPositiveDefiniteError.
 * Source: Rasmussen & Williams 2006, appendix A.2.
 */
export function jointSamples(gp: GaussianProcess, X: Float64Array, normals: Float64Array): Float64Array {
  const m = X.length / gp.dimension;
  if (m === 0) return new Float64Array(0);
  if (normals.length % m !== 0) throw new RangeError(`${normals.length} numbers are not samples of ${m}`);
  const { mean, covariance } = jointPosterior(gp, X);
  const { factor } = cholesky(covariance, m);
  const samples = new Float64Array(normals.length);
  for (let s = 0; s < normals.length; s += m) {
    for (let i = 0; i < m; i++) samples[s + i] = mean[i]! + dot(factor, i * m, normals, s, i + 1);
  }
  return samples;
}
