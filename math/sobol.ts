import { JOE_KUO } from './joe-kuo.ts';
import type { Random } from './random.ts';

/** As many as there are direction numbers for. */
export const SOBOL_DIMENSIONS = JOE_KUO.length + 1;

const BITS = 32;
const TWO_TO_THE_BITS = 2 ** BITS;
/** Even, so that x ⊕ x·m can be undone and a bit of it depends on lower bits only (Vegdahl's constants). */
const FIRST_FACTOR = 0x3d20adea;
const LAST_FACTORS = [0x05526c56, 0x53a22864] as const;

/**
 * The first points of the Sobol sequence, in Gray code order.
 *
 * x_i = x_{i−1} ⊕ v_c, c the lowest zero bit of i − 1, v_k = m_k·2⁻ᵏ; x₀ = 0
 *
 * `count` at most 2³², `dimension` at most 128; count×dimension row-major in [0, 1).
 * Throws RangeError beyond either.
 * Source: Antonov & Saleev 1979; Joe & Kuo 2008, SIAM J. Sci. Comput. 30:2635–2654.
 */
export function sobol(count: number, dimension: number): Float64Array {
  return Float64Array.from(sobolIntegers(count, dimension), (bits) => bits / TWO_TO_THE_BITS);
}

/**
 * The Sobol points with each dimension scrambled on its own: uniform as single points, a digital net together.
 *
 * Digit k of a coordinate is flipped by a hash of the digits before it (Owen's nested scramble); the point lies in the
 * middle of its cell of width 2⁻³², so that 0 and 1 do not occur.
 *
 * `count` is best a power of two; count×dimension row-major in (0, 1). Throws RangeError as `sobol` does.
 * Source: Owen 1995; Laine & Karras 2011; Burley 2020, Practical hash-based Owen scrambling, JCGT 9(4); Vegdahl 2021.
 */
export function scrambledSobol(count: number, dimension: number, random: Random): Float64Array {
  const points = sobolIntegers(count, dimension);
  const seeds = Uint32Array.from({ length: dimension }, () => random.integer(TWO_TO_THE_BITS));
  return Float64Array.from(
    points,
    (bits, at) => (owenScramble(bits, seeds[at % dimension]!) + 0.5) / TWO_TO_THE_BITS,
  );
}

function sobolIntegers(count: number, dimension: number): Uint32Array {
  if (!(Number.isInteger(dimension) && dimension >= 1 && dimension <= SOBOL_DIMENSIONS)) {
    throw new RangeError(`dimension ${dimension} is not one of 1…${SOBOL_DIMENSIONS}`);
  }
  if (!(Number.isInteger(count) && count >= 0 && count <= TWO_TO_THE_BITS)) {
    throw new RangeError(`${count} points are not one of 0…2^${BITS}`);
  }
  const points = new Uint32Array(count * dimension);
  for (let j = 0; j < dimension; j++) {
    const directions = directionNumbers(j);
    for (let i = 1; i < count; i++) {
      const lowestZero = BITS - 1 - Math.clz32(i & -i);
      points[i * dimension + j] = points[(i - 1) * dimension + j]! ^ directions[lowestZero]!;
    }
  }
  return points;
}

/** v_k·2³², k = 1…32: m_k = 2a₁m_{k−1} ⊕ … ⊕ 2ˢ⁻¹a_{s−1}m_{k−s+1} ⊕ 2ˢm_{k−s} ⊕ m_{k−s}. */
function directionNumbers(dimension: number): Uint32Array {
  const directions = new Uint32Array(BITS);
  if (dimension === 0) return directions.map((_, k) => 2 ** (BITS - 1 - k));
  const { polynomial, initial } = JOE_KUO[dimension - 1]!;
  const degree = initial.length;
  for (let k = 0; k < BITS; k++) {
    if (k < degree) {
      directions[k] = initial[k]! * 2 ** (BITS - 1 - k);
      continue;
    }
    let direction = directions[k - degree]! ^ (directions[k - degree]! >>> degree);
    for (let i = 1; i < degree; i++) {
      if ((polynomial >>> (degree - i)) & 1) direction ^= directions[k - i]!;
    }
    directions[k] = direction;
  }
  return directions;
}

/** Flips each bit by a hash of the higher ones: a permutation in which bits depend on lower ones, on reversed bits. */
function owenScramble(bits: number, seed: number): number {
  let x = reverseBits(bits);
  x ^= Math.imul(x, FIRST_FACTOR);
  x = Math.imul(x + seed, (seed >>> 16) | 1);
  for (const factor of LAST_FACTORS) x ^= Math.imul(x, factor);
  return reverseBits(x);
}

function reverseBits(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}
