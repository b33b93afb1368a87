import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers. Every function that needs chance takes one as an argument. */
export interface Random {
  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Standard normal, by Marsaglia's polar method. */
  normal(): number;
  /** Uniform on {0, …, below − 1}. */
  integer(below: number): number;
}

/**
 * A stream for a seed and a purpose: streams with different labels are independent, so drawing more from
 * one never shifts another.
 *
 * @example const random = randomStream(study.seed, 'suggest', trialNumber)
 */
export function randomStream(seed: number, ...labels: readonly (string | number)[]): Random {
  const generator = xoroshiro128plus(streamSeed(seed, labels));
  const uniform = (): number => uniformFloat64(generator);
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const a = 2 * uniform() - 1;
      const b = 2 * uniform() - 1;
      const s = a * a + b * b;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = b * scale;
        return a * scale;
      }
    }
  };
  return { uniform, normal, integer: (below) => Math.floor(uniform() * below) };
}

/** 32-bit FNV-1a of `seed/label/…`, finished with murmur3's mixer so that near seeds land far apart. */
function streamSeed(seed: number, labels: readonly (string | number)[]): number {
  const text = [seed, ...labels].join('/');
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
