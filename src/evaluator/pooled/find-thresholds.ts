import { type LabelCodes, MOST_SELECTIONS, POSITIVE_BITS } from './label-codes.ts';
import { finiteScale } from './partition-map.ts';
import type { PartitionedRows } from './partition-rows.ts';
import { bucketsFor, type PartitionWork, type Thresholds } from './partition-work.ts';
import { firstNotBelow, insert, LONG_BUCKET, sortBucket } from './sort-thresholds.ts';

/** Buckets of equal width over the utilities of a partition's positives. */
interface Buckets {
  readonly lowest: number;
  readonly highest: number;
  readonly scale: number;
  readonly count: number;
}

/**
 * Sorts the positives of a partition and counts its other rows between them, which need no sorting.
 *
 * Sums of weights are in row order. `offsets` from `classOffsets`; the result lives in `work`, which holds the positives.
 */
export function findThresholds(
  codes: LabelCodes,
  rows: PartitionedRows,
  offsets: Uint32Array,
  partition: number,
  work: PartitionWork,
): Thresholds {
  const others = offsets[2 * partition]!;
  const first = offsets[2 * partition + 1]!;
  const end = offsets[2 * partition + 2]!;
  const size = end - first;
  const counts = (size + 1) * work.lanes;
  work.below.fill(0, 0, counts);
  work.equal.fill(0, 0, counts);
  const buckets = sortPositives(codes, rows, first, end, work);
  if (codes.uniform) countRows(rows.utility, others, first, size, buckets, work);
  else weighRows(codes, rows, others, first, size, buckets, work);
  condense(codes, size, work);
  return work.thresholds;
}

function sortPositives(
  { weight }: LabelCodes,
  rows: PartitionedRows,
  from: number,
  to: number,
  { sorted, spare, bucketStart }: PartitionWork,
): Buckets {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = from; i < to; i++) {
    const u = rows.utility[i]!;
    if (u < lowest) lowest = u;
    if (u > highest) highest = u;
  }
  const size = to - from;
  const count = bucketsFor(size);
  const scale = finiteScale(count - 1, lowest, highest);
  bucketStart.fill(0, 0, count + 2);
  for (let i = from; i < to; i++) bucketStart[(((rows.utility[i]! - lowest) * scale) | 0) + 2]!++;
  let longest = 0;
  for (let b = 2; b < count + 2; b++) {
    const length = bucketStart[b]!;
    if (length > longest) longest = length;
    bucketStart[b] = length + bucketStart[b - 1]!;
  }
  for (let i = from; i < to; i++) {
    const u = rows.utility[i]!;
    const place = bucketStart[(((u - lowest) * scale) | 0) + 1]!++;
    sorted.utility[place] = u;
    sorted.code[place] = rows.code[i]!;
    sorted.weight[place] = weight === undefined ? 1 : rows.weight[i]!;
  }
  if (longest < LONG_BUCKET) insert(sorted, 0, size);
  else {
    for (let b = 0; b < count; b++) sortBucket(sorted, spare, bucketStart[b]!, bucketStart[b + 1]!);
  }
  sorted.utility[size] = NaN;
  return { lowest, highest, scale, count };
}

/** The first of the sorted positives that is not below u. */
function placeOf(
  u: number,
  size: number,
  { lowest, highest, scale }: Buckets,
  bucketStart: Uint32Array,
  utility: Float64Array,
): number {
  if (!(u >= lowest)) return 0;
  if (u > highest) return size;
  const bucket = ((u - lowest) * scale) | 0;
  let place = bucketStart[bucket]!;
  const end = bucketStart[bucket + 1]!;
  if (end - place >= LONG_BUCKET) return firstNotBelow(utility, place, end, u);
  while (place < end && utility[place]! < u) place++;
  return place;
}

function countRows(
  rowUtility: Float64Array,
  from: number,
  to: number,
  size: number,
  buckets: Buckets,
  { sorted: { utility }, bucketStart, below, equal }: PartitionWork,
): void {
  for (let i = from; i < to; i++) {
    const u = rowUtility[i]!;
    const place = placeOf(u, size, buckets, bucketStart, utility);
    if (utility[place] === u) equal[place]!++;
    else below[place]!++;
  }
}

function weighRows(
  { weight: weighted, selections }: LabelCodes,
  { utility: rowUtility, code, weight }: PartitionedRows,
  from: number,
  to: number,
  size: number,
  buckets: Buckets,
  { sorted: { utility }, bucketStart, below, equal }: PartitionWork,
): void {
  const lanes = selections.length;
  for (let i = from; i < to; i++) {
    const u = rowUtility[i]!;
    const place = placeOf(u, size, buckets, bucketStart, utility);
    const counts = utility[place] === u ? equal : below;
    const counted = code[i]! >>> MOST_SELECTIONS;
    const w = weighted === undefined ? 1 : weight[i]!;
    for (let lane = 0; lane < lanes; lane++) {
      if (((counted >>> lane) & 1) === 1) counts[place * lanes + lane] = counts[place * lanes + lane]! + w;
    }
  }
}

/** Makes one threshold of positives that are tied. */
function condense(
  { selections, uniform }: LabelCodes,
  size: number,
  { sorted: { utility, code, weight }, lanes, below, equal, thresholds }: PartitionWork,
): void {
  const heads = selections.length;
  const { positives, tied, between } = thresholds;
  for (let lane = 0; lane < lanes; lane++) between[lane] = below[size * lanes + lane]!;
  let t = 0;
  for (let i = size - 1; i >= 0; t++) {
    const u = utility[i]!;
    for (let h = 0; h < heads; h++) positives[t * heads + h] = 0;
    for (let lane = 0; lane < lanes; lane++) tied[t * lanes + lane] = 0;
    do {
      const bits = code[i]!;
      const w = weight[i]!;
      for (let left = bits & POSITIVE_BITS; left !== 0; left &= left - 1) {
        const at = t * heads + 31 - Math.clz32(left & -left);
        positives[at] = positives[at]! + w;
      }
      if (uniform) tied[t]!++;
      else {
        for (let lane = 0; lane < lanes; lane++) {
          if (((bits >>> (MOST_SELECTIONS + lane)) & 1) === 1) {
            tied[t * lanes + lane] = tied[t * lanes + lane]! + w;
          }
        }
      }
      i--;
    } while (i >= 0 && utility[i] === u);
    for (let lane = 0; lane < lanes; lane++) {
      const at = (i + 1) * lanes + lane;
      tied[t * lanes + lane] = tied[t * lanes + lane]! + equal[at]!;
      between[(t + 1) * lanes + lane] = below[at]!;
    }
  }
  thresholds.size = t;
}
