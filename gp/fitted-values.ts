import type { GaussianProcess } from './gaussian-process.ts';

/**
 * Posterior means of the latent function at the observations, in O(n).
 *
 * mean_i = y_i − (noise_i + jitter)·α_i. Length n, raw output units.
 */
export function fittedValues(gp: GaussianProcess): Float64Array {
  const { outputs, noise, alpha, cholesky, standardization: scale } = gp;
  return outputs.map((y, i) => scale.mean + scale.stddev * (y - (noise[i]! + cholesky.jitter) * alpha[i]!));
}
