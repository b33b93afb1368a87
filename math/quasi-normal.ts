import { normalQuantile } from './normal-quantile.ts';
import type { Random } from './random.ts';
import { scrambledSobol, SOBOL_DIMENSIONS } from './sobol.ts';

/**
 * Standard normal vectors that cover the space more evenly than independent ones.
 *
 * ε_ij = Φ⁻¹(u_ij), u the scrambled Sobol points for the first 128 columns; further ones are pseudo-random, so the
 * columns that matter most come first.
 *
 * `count` best a power of two; count×dimension row-major. Throws RangeError on a count that is not an integer ≥ 0.
 */
export function quasiNormal(count: number, dimension: number, random: Random): Float64Array {
  const normals = new Float64Array(count * dimension);
  const width = Math.min(dimension, SOBOL_DIMENSIONS);
  if (width === 0) return normals;
  const uniforms = scrambledSobol(count, width, random);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) normals[i * dimension + j] = normalQuantile(uniforms[i * width + j]!);
    for (let j = width; j < dimension; j++) normals[i * dimension + j] = random.normal();
  }
  return normals;
}
