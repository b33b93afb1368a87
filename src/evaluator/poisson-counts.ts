import { unitHash } from './unit-hash.ts';

/** P(count ≤ k) of a Poisson of mean 1 for k = 0, 1, …, in units of 2⁻³². */
const THRESHOLDS = cumulative();

/**
 * How often the unit is drawn in a replicate of the bootstrap: a Poisson of mean 1, a function of its arguments alone, so
 * that every ordering and every thread resamples the same units.
 *
 * The inverse distribution function of 32 bits of a hash; counts above 12 have a probability under 2⁻³².
 */
export function poissonCount(seed: number, unit: number, replicate: number): number {
  const bits = unitHash(seed, unit, replicate);
  let count = 0;
  while (bits >= THRESHOLDS[count]!) count++;
  return count;
}

function cumulative(): Float64Array {
  const thresholds: number[] = [];
  let probability = Math.exp(-1);
  let below = 0;
  for (let count = 0; below < 2 ** 32 - 1; count++) {
    below = Math.min(2 ** 32, below + probability * 2 ** 32);
    thresholds.push(below);
    probability /= count + 1;
  }
  return Float64Array.from([...thresholds.slice(0, -1), 2 ** 32]);
}
