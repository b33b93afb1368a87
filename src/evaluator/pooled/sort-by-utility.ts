import { finiteScale } from './partition-map.ts';

/** From this length on, a bucket is merged instead of inserted into, and searched by halves. */
const LONG_BUCKET = 24;

/** Buckets for each row, so that most hold one or none. */
const BUCKETS_PER_ROW = 2;

/** Rows by rising utility. */
export interface SortedRows {
  /** Behind the last one stands NaN. */
  readonly utility: Float64Array;
  /** Where each was. */
  readonly place: Uint32Array;
}

/** What sorting up to `capacity` rows needs. */
export interface SortWork {
  readonly capacity: number;
  readonly sorted: SortedRows;
  readonly spare: SortedRows;
  /** Where the rows of each bucket begin; behind the last one, where it ends. */
  readonly bucketStart: Uint32Array;
}

/** Buckets of equal width over the utilities of what was sorted. */
export interface Buckets {
  readonly lowest: number;
  readonly highest: number;
  readonly scale: number;
  /** Some bucket is long enough to be searched by halves. */
  readonly long: boolean;
}

export function createSortWork(capacity: number): SortWork {
  const rows = (): SortedRows => ({
    utility: new Float64Array(capacity + 1),
    place: new Uint32Array(capacity + 1),
  });
  const bucketStart = new Uint32Array(bucketsFor(capacity) + 2);
  return { capacity, sorted: rows(), spare: rows(), bucketStart };
}

/** A power of two. */
function bucketsFor(rows: number): number {
  return BUCKETS_PER_ROW * 2 ** Math.ceil(Math.log2(Math.max(rows, 1)));
}

/**
 * Sorts the utilities at the places from … to − 1 into `work.sorted`, equal ones as they stand: into buckets of equal width,
 * then within each. Evenly spread utilities take linear time, any others n log n.
 */
export function sortByUtility(
  utility: Float64Array,
  from: number,
  to: number,
  { sorted, spare, bucketStart }: SortWork,
): Buckets {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = from; i < to; i++) {
    const u = utility[i]!;
    if (u < lowest) lowest = u;
    if (u > highest) highest = u;
  }
  const size = to - from;
  const count = bucketsFor(size);
  const scale = finiteScale(count - 1, lowest, highest);
  bucketStart.fill(0, 0, count + 2);
  for (let i = from; i < to; i++) bucketStart[(((utility[i]! - lowest) * scale) | 0) + 2]!++;
  let longest = 0;
  for (let b = 2; b < count + 2; b++) {
    const length = bucketStart[b]!;
    if (length > longest) longest = length;
    bucketStart[b] = length + bucketStart[b - 1]!;
  }
  for (let i = from; i < to; i++) {
    const u = utility[i]!;
    const at = bucketStart[(((u - lowest) * scale) | 0) + 1]!++;
    sorted.utility[at] = u;
    sorted.place[at] = i;
  }
  const long = longest >= LONG_BUCKET;
  if (!long) insert(sorted, 0, size);
  else for (let b = 0; b < count; b++) sortBucket(sorted, spare, bucketStart[b]!, bucketStart[b + 1]!);
  sorted.utility[size] = NaN;
  return { lowest, highest, scale, long };
}

function sortBucket(rows: SortedRows, spare: SortedRows, from: number, to: number): void {
  for (let run = from; run < to; run += LONG_BUCKET) insert(rows, run, Math.min(run + LONG_BUCKET, to));
  for (let width = LONG_BUCKET; width < to - from; width *= 2) {
    for (let left = from; left + width < to; left += 2 * width) {
      merge(rows, spare, left, left + width, Math.min(left + 2 * width, to));
    }
  }
}

/** Fast where each row is near its place. */
function insert({ utility, place }: SortedRows, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const u = utility[i]!;
    if (utility[i - 1]! <= u) continue;
    const p = place[i]!;
    let at = i;
    do {
      utility[at] = utility[at - 1]!;
      place[at] = place[at - 1]!;
      at--;
    } while (at > from && utility[at - 1]! > u);
    utility[at] = u;
    place[at] = p;
  }
}

function merge(rows: SortedRows, spare: SortedRows, left: number, middle: number, right: number): void {
  const { utility, place } = rows;
  if (utility[middle - 1]! <= utility[middle]!) return;
  for (let i = left; i < middle; i++) {
    spare.utility[i] = utility[i]!;
    spare.place[i] = place[i]!;
  }
  let a = left;
  let b = middle;
  for (let at = left; a < middle; at++) {
    const fromRight = b < right && utility[b]! < spare.utility[a]!;
    const source = fromRight ? rows : spare;
    const i = fromRight ? b++ : a++;
    utility[at] = source.utility[i]!;
    place[at] = source.place[i]!;
  }
}

/** The first of the sorted rows that is not below u; `size`, how many they are, where all are below. */
export function firstNotBelow(
  u: number,
  size: number,
  { lowest, highest, scale, long }: Buckets,
  bucketStart: Uint32Array,
  utility: Float64Array,
): number {
  if (!(u >= lowest)) return 0;
  if (u > highest) return size;
  const bucket = ((u - lowest) * scale) | 0;
  let at = bucketStart[bucket]!;
  if (long) return firstByHalves(u, utility, at, bucketStart[bucket + 1]!);
  // Behind the last of a bucket stands the first of a higher one, which is above u, or NaN.
  while (utility[at]! < u) at++;
  return at;
}

function firstByHalves(u: number, utility: Float64Array, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (utility[middle]! < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
