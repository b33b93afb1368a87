import { poissonCount } from '../poisson-counts.ts';
import type { Units } from '../units.ts';

/** Counts are added four at a time, as bytes of a word. */
export const LANES = 4;

/** How often each unit is drawn in each replicate. */
export interface Resamples {
  readonly units: Units;
  readonly replicates: number;
  /** Replicates rounded up to whole words; those beyond `replicates` draw nothing. */
  readonly stride: number;
  /** units · stride, unit after unit. */
  readonly counts: Uint8Array<ArrayBuffer>;
  /** The largest of the counts, at least 1. */
  readonly most: number;
}

/** Draws the resamples of a log: a byte for each unit and replicate, a function of the seed alone. */
export function drawResamples(units: Units, replicates: number, seed: number): Resamples {
  const stride = LANES * Math.ceil(replicates / LANES);
  const counts = new Uint8Array(units.count * stride);
  let most = 1;
  for (let u = 0; u < units.count; u++) {
    for (let b = 0; b < replicates; b++) {
      const count = poissonCount(seed, u, b);
      counts[u * stride + b] = count;
      if (count > most) most = count;
    }
  }
  return { units, replicates, stride, counts, most };
}
