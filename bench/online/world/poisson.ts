import type { Random } from '../../../math/random.ts';

/** A Poisson variate by the products of uniforms (Knuth), for means up to a few hundred. */
export function poisson(mean: number, random: Random): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > least; product *= random.uniform()) count++;
  return count;
}
