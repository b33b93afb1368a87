import { poissonCount } from '../poisson-counts.ts';
import type { Units } from '../units.ts';

/** How often each unit is drawn in each replicate. */
export interface Resamples {
  readonly units: Units;
  readonly replicates: number;
  /** units · replicates, unit after unit. */
  readonly counts: Uint8Array;
}

/** Draws the resamples of a log: a byte for each unit and replicate, a function of the seed alone. */
export function drawResamples(units: Units, replicates: number, seed: number): Resamples {
  const counts = new Uint8Array(units.count * replicates);
  for (let u = 0, k = 0; u < units.count; u++) {
    for (let b = 0; b < replicates; b++) counts[k++] = poissonCount(seed, u, b);
  }
  return { units, replicates, counts };
}
