import { type LabelCodes, MOST_SELECTIONS } from './label-codes.ts';
import type { PartitionedRows } from './partition-rows.ts';
import type { PartitionWork, Thresholds } from './partition-work.ts';
import { type Buckets, firstNotBelow, sortByUtility } from './sort-by-utility.ts';

/**
 * Sorts the positives of a partition and counts its other rows between them, which need no sorting.
 *
 * Weights between thresholds are added in row order. `offsets` from `classOffsets`; the result lives in `work`, which holds the positives.
 * With `slots`, each row's utility is overwritten by its slot among the sorted positives, from high to low: 2t between the
 * places t − 1 and t, 2t + 1 at place t, of tied ones the last.
 */
export function findThresholds(
  codes: LabelCodes,
  rows: PartitionedRows,
  offsets: Uint32Array,
  partition: number,
  work: PartitionWork,
  slots = false,
): Thresholds {
  const others = offsets[2 * partition]!;
  const first = offsets[2 * partition + 1]!;
  const end = offsets[2 * partition + 2]!;
  const size = end - first;
  const counts = (size + 1) * work.lanes;
  work.below.fill(0, 0, counts);
  work.equal.fill(0, 0, counts);
  const buckets = sortByUtility(rows.utility, first, end, work.sort);
  if (codes.uniform) countRows(rows.utility, others, first, size, buckets, work, slots);
  else weighRows(codes, rows, others, first, size, buckets, work, slots);
  if (slots) placePositives(rows.utility, size, work);
  if (codes.uniform) condenseCounts(codes, rows, size, work);
  else condenseWeights(codes, rows, size, work);
  return work.thresholds;
}

function countRows(
  rowUtility: Float64Array,
  from: number,
  to: number,
  size: number,
  buckets: Buckets,
  {
    sort: {
      sorted: { utility },
      bucketStart,
    },
    below,
    equal,
  }: PartitionWork,
  slots: boolean,
): void {
  for (let i = from; i < to; i++) {
    const u = rowUtility[i]!;
    const place = firstNotBelow(u, size, buckets, bucketStart, utility);
    const isTied = utility[place] === u;
    if (isTied) equal[place]!++;
    else below[place]!++;
    if (slots) rowUtility[i] = slotOf(place, size, isTied);
  }
}

function slotOf(place: number, size: number, isTied: boolean): number {
  return 2 * (size - place) - (isTied ? 1 : 0);
}

function placePositives(
  rowUtility: Float64Array,
  size: number,
  {
    sort: {
      sorted: { utility, place },
    },
  }: PartitionWork,
): void {
  let first = 0;
  for (let i = 0; i < size; i++) {
    if (utility[i] !== utility[first]) first = i;
    rowUtility[place[i]!] = slotOf(first, size, true);
  }
}

function weighRows(
  { weight: weighted, selections: lanes }: LabelCodes,
  { utility: rowUtility, code, weight }: PartitionedRows,
  from: number,
  to: number,
  size: number,
  buckets: Buckets,
  {
    sort: {
      sorted: { utility },
      bucketStart,
    },
    below,
    equal,
  }: PartitionWork,
  slots: boolean,
): void {
  for (let i = from; i < to; i++) {
    const u = rowUtility[i]!;
    const place = firstNotBelow(u, size, buckets, bucketStart, utility);
    const isTied = utility[place] === u;
    const counts = isTied ? equal : below;
    const counted = code[i]! >>> MOST_SELECTIONS;
    const w = weighted === undefined ? 1 : weight[i]!;
    for (let lane = 0; lane < lanes; lane++) {
      if (((counted >>> lane) & 1) === 1) counts[place * lanes + lane] = counts[place * lanes + lane]! + w;
    }
    if (slots) rowUtility[i] = slotOf(place, size, isTied);
  }
}

/** Makes one threshold of positives that are tied. */
function condenseCounts(
  { selections: heads }: LabelCodes,
  { code }: PartitionedRows,
  size: number,
  {
    sort: {
      sorted: { utility, place },
    },
    below,
    equal,
    thresholds,
  }: PartitionWork,
): void {
  const { positives, tied, between } = thresholds;
  between[0] = below[size]!;
  let t = 0;
  for (let i = size - 1; i >= 0; t++) {
    const u = utility[i]!;
    const base = t * heads;
    const bits = code[place[i]!]!;
    for (let h = 0; h < heads; h++) positives[base + h] = (bits >>> h) & 1;
    let rows = 1;
    for (i--; i >= 0 && utility[i] === u; i--) {
      rows++;
      const others = code[place[i]!]!;
      for (let h = 0; h < heads; h++) positives[base + h] = positives[base + h]! + ((others >>> h) & 1);
    }
    tied[t] = rows + equal[i + 1]!;
    between[t + 1] = below[i + 1]!;
  }
  thresholds.size = t;
}

/** The same for weights, and for selections that count different rows. */
function condenseWeights(
  { selections: heads, weight: weighted }: LabelCodes,
  { code, weight }: PartitionedRows,
  size: number,
  {
    sort: {
      sorted: { utility, place },
    },
    below,
    equal,
    thresholds,
  }: PartitionWork,
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
      const bits = code[place[i]!]!;
      const w = weighted === undefined ? 1 : weight[place[i]!]!;
      for (let h = 0; h < heads; h++) {
        if (((bits >>> h) & 1) === 1) positives[base + h] = positives[base + h]! + w;
        if (((bits >>> (MOST_SELECTIONS + h)) & 1) === 1) tied[base + h] = tied[base + h]! + w;
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
