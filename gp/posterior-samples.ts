import type { Random } from '../math/random.ts';
import type { JointPosterior } from './posterior.ts';

/** Pivots below this fraction of the largest variance are rounding error of the covariance, so their rows end there. */
const PIVOT_TOLERANCE = 1e-14;

/**
 * Draws of the latent functions at the m points of a joint posterior, in its units.
 *
 * f = mean + A·z, AAᵀ = covariance, z standard normal. Returns `count`×m row-major; m normals of `random` a draw, so a
 * draw does not depend on how many follow.
 */
export function posteriorSamples(posterior: JointPosterior, count: number, random: Random): Float64Array {
  const m = posterior.mean.length;
  const normals = Float64Array.from({ length: count * m }, () => random.normal());
  return samplesFromNormals(posterior, normals);
}

/** `posteriorSamples` from given standard normals, count×m row-major. Throws RangeError when they are no whole number of draws. */
export function samplesFromNormals(
  { mean, covariance }: JointPosterior,
  normals: Float64Array,
): Float64Array {
  const m = mean.length;
  if (normals.length % m !== 0) throw new RangeError(`${normals.length} normals are not draws of ${m}`);
  const root = covarianceRoot(covariance, m);
  const samples = new Float64Array(normals.length);
  for (let draw = 0; draw < samples.length; draw += m) {
    for (let i = 0; i < m; i++) {
      let sum = mean[i]!;
      for (let k = 0; k < m; k++) sum += root[i * m + k]! * normals[draw + k]!;
      samples[draw + i] = sum;
    }
  }
  return samples;
}

/**
 * A matrix A with AAᵀ = C for a covariance that may be singular, by Cholesky with the largest remaining variance first.
 *
 * No jitter: a row ends when its variance is used up, and an entry that rounding has made larger than Cauchy–Schwarz
 * allows (|a_i| ≤ √c_ii) is cut to that, so the diagonal of AAᵀ is C's. `C` m×m, of which both triangles are read;
 * returns m×m, rows in the order of C.
 * Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, §10.3 (complete pivoting).
 */
export function covarianceRoot(C: Float64Array, m: number): Float64Array {
  const root = new Float64Array(m * m);
  const rest = Float64Array.from({ length: m }, (_, i) => Math.max(0, C[i * m + i]!));
  const least = PIVOT_TOLERANCE * rest.reduce((largest, variance) => Math.max(largest, variance), 0);
  const open = new Set(rest.keys());
  for (let k = 0; k < m; k++) {
    let pivot = -1;
    for (const i of open) if (pivot < 0 || rest[i]! > rest[pivot]!) pivot = i;
    if (!(rest[pivot]! > least)) break;
    open.delete(pivot);
    const length = Math.sqrt(rest[pivot]!);
    root[pivot * m + k] = length;
    for (const i of open) {
      let entry = C[i * m + pivot]!;
      for (let j = 0; j < k; j++) entry -= root[i * m + j]! * root[pivot * m + j]!;
      const limit = Math.sqrt(rest[i]!);
      const cut = Math.min(limit, Math.max(-limit, entry / length));
      root[i * m + k] = cut;
      rest[i] = Math.max(0, rest[i]! - cut * cut);
    }
  }
  return root;
}
