/** From this length on, a bucket is merged instead of inserted into, and searched by halves. */
export const LONG_BUCKET = 24;

/** The positives of a partition, by rising utility, beside what is sorted with them. */
export interface SortedPositives {
  readonly utility: Float64Array;
  readonly code: Uint16Array;
  readonly weight: Float64Array;
}

/** Sorts the places from … to − 1 by rising utility, equal ones as they stand, in n log n steps. */
export function sortBucket(rows: SortedPositives, spare: SortedPositives, from: number, to: number): void {
  for (let run = from; run < to; run += LONG_BUCKET) insert(rows, run, Math.min(run + LONG_BUCKET, to));
  for (let width = LONG_BUCKET; width < to - from; width *= 2) {
    for (let left = from; left + width < to; left += 2 * width) {
      merge(rows, spare, left, left + width, Math.min(left + 2 * width, to));
    }
  }
}

/** The same, fast where each row is near its place. */
export function insert({ utility, code, weight }: SortedPositives, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const u = utility[i]!;
    if (utility[i - 1]! <= u) continue;
    const c = code[i]!;
    const w = weight[i]!;
    let place = i;
    do {
      utility[place] = utility[place - 1]!;
      code[place] = code[place - 1]!;
      weight[place] = weight[place - 1]!;
      place--;
    } while (place > from && utility[place - 1]! > u);
    utility[place] = u;
    code[place] = c;
    weight[place] = w;
  }
}

function merge(
  rows: SortedPositives,
  spare: SortedPositives,
  left: number,
  middle: number,
  right: number,
): void {
  const { utility, code, weight } = rows;
  if (utility[middle - 1]! <= utility[middle]!) return;
  for (let i = left; i < middle; i++) {
    spare.utility[i] = utility[i]!;
    spare.code[i] = code[i]!;
    spare.weight[i] = weight[i]!;
  }
  let a = left;
  let b = middle;
  for (let place = left; a < middle; place++) {
    const fromRight = b < right && utility[b]! < spare.utility[a]!;
    const source = fromRight ? rows : spare;
    const i = fromRight ? b++ : a++;
    utility[place] = source.utility[i]!;
    code[place] = source.code[i]!;
    weight[place] = source.weight[i]!;
  }
}

/** The first place from … to whose utility is not below u, by halves. */
export function firstNotBelow(utility: Float64Array, from: number, to: number, u: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (utility[middle]! < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
