import type { NoiseModel } from './training-data.ts';

/**
 * Standardised noise variance of an exact observation, and the least that a known one may be: far below what a
 * metric resolves, yet it keeps K's condition number under n·10⁸, so that repeated points stay solvable.
 */
export const NOISELESS_VARIANCE = 1e-8;

/** Whether some observation's noise variance has to be inferred. */
export function infersNoise(noise: NoiseModel): boolean {
  return noise.kind === 'inferred' || (noise.kind === 'known' && noise.variance.some(Number.isNaN));
}

/**
 * Standardised noise variance of each observation, NaN where it is to be inferred.
 *
 * `n` observations, `stddev` of the standardisation.
 */
export function standardizedNoise(noise: NoiseModel, n: number, stddev: number): Float64Array {
  if (noise.kind === 'none') return new Float64Array(n).fill(NOISELESS_VARIANCE);
  if (noise.kind === 'inferred') return new Float64Array(n).fill(NaN);
  return noise.variance.map((variance) => Math.max(NOISELESS_VARIANCE, variance / stddev / stddev));
}

/** Fills the inferred entries (NaN) with `inferred`. */
export function withInferred(noise: Float64Array, inferred: number): Float64Array {
  return noise.map((variance) => (Number.isNaN(variance) ? inferred : variance));
}
