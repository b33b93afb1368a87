/** P(count ≤ k) of a Poisson of mean 1 for k = 0, 1, …, in units of 2⁻³². */
const THRESHOLDS = cumulative();

/**
 * How often the unit is drawn in a replicate of the bootstrap: a Poisson of mean 1, a function of its arguments alone, so
 * that every ordering and every thread resamples the same units.
 *
 * The inverse distribution function of 32 bits of a hash; counts above 12 have a probability under 2⁻³².
 */
export function poissonCount(seed: number, unit: number, replicate: number): number {
  const bits = mix(mix(mix(seed >>> 0) ^ unit) ^ Math.imul(replicate, 0x9e3779b9));
  let count = 0;
  while (bits >= THRESHOLDS[count]!) count++;
  return count;
}

/** A bijection of 32 bits that leaves no pattern of its argument: Murmur3's finalizer twice, with other constants between. */
function mix(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
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
