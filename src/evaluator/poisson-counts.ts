import { hashInStream, unitState } from './unit-hash.ts';

/** P(count ≤ k) of a Poisson of mean 1 for k = 0, 1, …, in units of 2⁻³². */
const THRESHOLDS = cumulative();

/** The first bits of a hash tell most counts. */
const TOLD_BITS = 12;

/** By the first bits, the least count that they allow. */
const LEAST_COUNT = Uint8Array.from({ length: 1 << TOLD_BITS }, (_, first) =>
  THRESHOLDS.findIndex((threshold) => first * 2 ** (32 - TOLD_BITS) < threshold),
);

/**
 * How often the unit is drawn in a replicate of the bootstrap: a Poisson of mean 1, a function of its arguments alone, so
 * that every ordering and every thread resamples the same units.
 *
 * The inverse distribution function of 32 bits of a hash; counts above 12 have a probability under 2⁻³².
 */
export function poissonCount(seed: number, unit: number, replicate: number): number {
  return countOf(hashInStream(unitState(seed, unit), replicate));
}

/** Writes how often the unit is drawn in replicates 0, 1, …; returns the largest count. */
export function writePoissonCounts(seed: number, unit: number, counts: Uint8Array): number {
  const state = unitState(seed, unit);
  let most = 0;
  for (let b = 0; b < counts.length; b++) {
    const count = countOf(hashInStream(state, b));
    counts[b] = count;
    if (count > most) most = count;
  }
  return most;
}

function countOf(bits: number): number {
  let count = LEAST_COUNT[bits >>> (32 - TOLD_BITS)]!;
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
