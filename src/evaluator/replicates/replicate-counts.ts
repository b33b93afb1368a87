import type { Resamples } from './resamples.ts';

/** How many replicates are computed at a time: those in two words of four bytes. */
export const LANES = 8;

/** How often each unit is drawn in `LANES` replicates, close together. */
export interface ReplicateCounts {
  /** units · LANES. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory, four replicates a word. */
  readonly words: Int32Array;
  /** Of `Resamples`. */
  readonly most: number;
}

export function createReplicateCounts({ units, most }: Resamples): ReplicateCounts {
  const bytes = new Uint8Array(units.count * LANES);
  return { bytes, words: new Int32Array(bytes.buffer), most };
}

/** Takes the counts of replicates first … first + LANES − 1; 0 of those beyond the last. */
export function takeCounts(
  { units, replicates, counts }: Resamples,
  first: number,
  { bytes }: ReplicateCounts,
): void {
  const lanes = Math.min(LANES, replicates - first);
  for (let u = 0; u < units.count; u++) {
    const from = u * replicates + first;
    for (let lane = 0; lane < lanes; lane++) bytes[u * LANES + lane] = counts[from + lane]!;
    for (let lane = lanes; lane < LANES; lane++) bytes[u * LANES + lane] = 0;
  }
}
