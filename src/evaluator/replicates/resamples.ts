import { writePoissonCounts } from '../poisson-counts.ts';
import type { Units } from '../units.ts';

/** How often each unit is drawn in each replicate. */
export interface Resamples {
  readonly units: Units;
  readonly replicates: number;
  /** units · replicates, unit after unit. */
  readonly counts: Uint8Array;
  /** The largest of the counts, at least 1. */
  readonly most: number;
}

/** Draws the resamples of a log: a byte for each unit and replicate, a function of the seed alone. */
export function drawResamples(units: Units, replicates: number, seed: number): Resamples {
  const counts = new Uint8Array(units.count * replicates);
  let most = 1;
  for (let u = 0; u < units.count; u++) {
    const ofUnit = counts.subarray(u * replicates, (u + 1) * replicates);
    most = Math.max(most, writePoissonCounts(seed, u, ofUnit));
  }
  return { units, replicates, counts, most };
}
