import { type LabelCodes, MOST_SELECTIONS } from './label-codes.ts';
import { finiteScale } from './partition-map.ts';
import type { PartitionedRows } from './partition-rows.ts';
import { bucketsFor, type PartitionWork, type Thresholds } from './partition-work.ts';
import { firstNotBelow, insert, LONG_BUCKET, sortBucket } from './sort-thresholds.ts';

/** Buckets of equal width over the utilities of a partition's positives. */
interface Buckets {
  readonly lowest: number;
  readonly highest: number;
  readonly scale: number;
  /** Some bucket is long enough to be searched by halves. */
  readonly long: boolean;
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
  if (codes.uniform) condenseCounts(codes, size, work);
  else condenseWeights(codes, size, work);
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
    if (weight !== undefined) sorted.weight[place] = rows.weight[i]!;
  }
  if (longest < LONG_BUCKET) insert(sorted, 0, size);
  else {
    for (let b = 0; b < count; b++) sortBucket(sorted, spare, bucketStart[b]!, bucketStart[b + 1]!);
  }
  sorted.utility[size] = NaN;
  return { lowest, highest, scale, long: longest >= LONG_BUCKET };
}

/** The first of the sorted positives that is not below u; `size` where all are. */
function placeOf(
  u: number,
  size: number,
  { lowest, highest, scale, long }: Buckets,
  bucketStart: Uint32Array,
  utility: Float64Array,
): number {
  if (!(u >= lowest)) return 0;
  if (u > highest) return size;
  const bucket = ((u - lowest) * scale) | 0;
  let place = bucketStart[bucket]!;
  if (long) return firstNotBelow(utility, place, bucketStart[bucket + 1]!, u);
  // Behind the last of a bucket stands the first of a higher one, which is above u, or NaN.
  while (utility[place]! < u) place++;
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
function condenseCounts(
  { selections: { length: heads } }: LabelCodes,
  size: number,
  { sorted: { utility, code }, below, equal, thresholds }: PartitionWork,
): void {
  const { positives, tied, between } = thresholds;
  between[0] = below[size]!;
  let t = 0;
  for (let i = size - 1; i >= 0; t++) {
    const u = utility[i]!;
    const base = t * heads;
    for (let h = 0; h < heads; h++) positives[base + h] = (code[i]! >>> h) & 1;
    let rows = 1;
    for (i--; i >= 0 && utility[i] === u; i--) {
      rows++;
      for (let h = 0; h < heads; h++) positives[base + h] = positives[base + h]! + ((code[i]! >>> h) & 1);
    }
    tied[t] = rows + equal[i + 1]!;
    between[t + 1] = below[i + 1]!;
  }
  thresholds.size = t;
}

/** The same for weights, and for selections that count different rows. */
function condenseWeights(
  { selections: { length: heads }, weight: weighted }: LabelCodes,
  size: number,
  { sorted: { utility, code, weight }, below, equal, thresholds }: PartitionWork,
): void {
  const { positives, tied, between } = thresholds;
  for (let h = 0; h < heads; h++) between[h] = below[size * heads + h]!;
  let t = 0;
  for (let i = size - 1; i >= 0; t++) {
    const u = utility[i]!;
    const base = t * heads;
    positives.fill(0, base, base + heads);
    tied.fill(0, base, base + heads);
    do {
      const w = weighted === undefined ? 1 : weight[i]!;
      for (let h = 0; h < heads; h++) {
        if (((code[i]! >>> h) & 1) === 1) positives[base + h] = positives[base + h]! + w;
        if (((code[i]! >>> (MOST_SELECTIONS + h)) & 1) === 1) tied[base + h] = tied[base + h]! + w;
      }
      i--;
    } while (i >= 0 && utility[i] === u);
    for (let h = 0; h < heads; h++) {
      tied[base + h] = tied[base + h]! + equal[(i + 1) * heads + h]!;
      between[base + heads + h] = below[(i + 1) * heads + h]!;
    }
  }
  thresholds.size = t;
}
