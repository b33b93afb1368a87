import { LANES, type ReplicateCounts } from './replicate-counts.ts';

/** Rows in successive ranges. */
export interface RowRanges {
  /** The unit of each row. */
  readonly unit: Uint32Array;
  /** Of each row; undefined where every row weighs 1. */
  readonly weight: Float64Array | undefined;
  /** Where each range begins; behind the last one, where it ends. */
  readonly bounds: Uint32Array;
}

/**
 * Adds up what the rows of ranges first … first + size − 1 weigh in `LANES` replicates: entry r + 1 of `sums`, a number for each
 * lane, becomes entry r plus the weight of range first + r.
 *
 * Unweighted rows are added four replicates at a time, as bytes of a word that are carried over before one can overflow.
 */
export function addRanges(
  { unit, weight, bounds }: RowRanges,
  first: number,
  size: number,
  counts: ReplicateCounts,
  sums: Float64Array,
): void {
  if (weight === undefined) addCounts(unit, bounds, first, size, counts, sums);
  else addWeights(unit, weight, bounds, first, size, counts, sums);
}

function addCounts(
  unit: Uint32Array,
  bounds: Uint32Array,
  first: number,
  size: number,
  { words, most }: ReplicateCounts,
  sums: Float64Array,
): void {
  const mostPending = Math.floor(255 / most);
  let [s0, s1, s2, s3] = [sums[0]!, sums[1]!, sums[2]!, sums[3]!];
  let [s4, s5, s6, s7] = [sums[4]!, sums[5]!, sums[6]!, sums[7]!];
  let i = bounds[first]!;
  for (let r = 1; r <= size; r++) {
    const end = bounds[first + r]!;
    while (i < end) {
      const stop = Math.min(end, i + mostPending);
      let low = 0;
      let high = 0;
      for (; i < stop; i++) {
        const from = 2 * unit[i]!;
        low = (low + words[from]!) | 0;
        high = (high + words[from + 1]!) | 0;
      }
      s0 += low & 255;
      s1 += (low >>> 8) & 255;
      s2 += (low >>> 16) & 255;
      s3 += low >>> 24;
      s4 += high & 255;
      s5 += (high >>> 8) & 255;
      s6 += (high >>> 16) & 255;
      s7 += high >>> 24;
    }
    const at = r * LANES;
    sums[at] = s0;
    sums[at + 1] = s1;
    sums[at + 2] = s2;
    sums[at + 3] = s3;
    sums[at + 4] = s4;
    sums[at + 5] = s5;
    sums[at + 6] = s6;
    sums[at + 7] = s7;
  }
}

function addWeights(
  unit: Uint32Array,
  weight: Float64Array,
  bounds: Uint32Array,
  first: number,
  size: number,
  { bytes }: ReplicateCounts,
  sums: Float64Array,
): void {
  let i = bounds[first]!;
  for (let r = 1; r <= size; r++) {
    const end = bounds[first + r]!;
    const at = r * LANES;
    sums.copyWithin(at, at - LANES, at);
    for (; i < end; i++) {
      const w = weight[i]!;
      const from = unit[i]! * LANES;
      for (let lane = 0; lane < LANES; lane++) sums[at + lane]! += w * bytes[from + lane]!;
    }
  }
}
