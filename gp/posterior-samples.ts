import { cholesky } from '../math/cholesky.ts';
import { covarianceRoot } from '../math/covariance-root.ts';
import type { Random } from '../math/random.ts';
import { dot } from '../math/triangular.ts';
import type { JointPosterior } from './posterior.ts';

/**
 * Draws of the latent functions at the m points of a joint posterior, in its units.
 *
 * f = mean + A·z, AAᵀ = covariance, z standard normal; A exists without jitter where the covariance is singular. Returns
 * `count`×m row-major; m normals of `random` a draw, so a draw does not depend on how many follow.
 */
export function posteriorSamples(
  { mean, covariance }: JointPosterior,
  count: number,
  random: Random,
): Float64Array {
  const m = mean.length;
  const normals = Float64Array.from({ length: count * m }, () => random.normal());
  return combine(mean, covarianceRoot(covariance, m), normals, () => m);
}

/**
 * The same from given normals, point i of the first i + 1 of a draw: quasi-random normals, best in their first dimensions,
 * thus serve the first points best.
 *
 * f_s = mean + Lε_s, LLᵀ = covariance (+ jitter·I), as `conditionOnSamples` factors it
 *
 * `normals` S×m standard normal, S any number; S×m in the units of the posterior.
 * Throws RangeError when the normals are no whole number of draws, NotPositiveDefiniteError.
 * Source: Rasmussen & Williams 2006, appendix A.2.
 */
export function orderedSamples({ mean, covariance }: JointPosterior, normals: Float64Array): Float64Array {
  const m = mean.length;
  if (m === 0) return new Float64Array(0);
  if (normals.length % m !== 0) throw new RangeError(`${normals.length} normals are not draws of ${m}`);
  return combine(mean, cholesky(covariance, m).factor, normals, (i) => i + 1);
}

/** mean + A·z for each m of the normals, of row i of A the first `width(i)` entries. */
function combine(
  mean: Float64Array,
  A: Float64Array,
  normals: Float64Array,
  width: (row: number) => number,
): Float64Array {
  const m = mean.length;
  const samples = new Float64Array(normals.length);
  for (let draw = 0; draw < normals.length; draw += m) {
    for (let i = 0; i < m; i++) samples[draw + i] = mean[i]! + dot(A, i * m, normals, draw, width(i));
  }
  return samples;
}
