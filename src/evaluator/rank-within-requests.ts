import type { Ranking } from './ranking.ts';

/** Up to this length, insertion is faster than merging. */
const RUN_LENGTH = 32;

/** The order of a ranking with room to make it, n each. */
export interface RankingScratch {
  readonly order: readonly [Uint32Array, Uint32Array];
  readonly tied: Uint8Array;
}

/** The utilities of a run, in its order. */
const inRun = new Float64Array(RUN_LENGTH);

/**
 * Orders the rows of each request by utility from high to low, rows of equal utility in row order.
 *
 * Insertion sort of short runs, then merging, so that one request with all the rows still costs n log n.
 *
 * `utility` n finite; `requestOffsets` R + 1, of which the requests from `firstRequest` to `lastRequest` − 1 are ordered. The ranking lives in `scratch` until the next call.
 */
export function rankWithinRequests(
  utility: Float64Array,
  requestOffsets: Int32Array,
  { order: [order, spare], tied }: RankingScratch,
  firstRequest = 0,
  lastRequest = requestOffsets.length - 1,
): Ranking {
  for (let r = firstRequest; r < lastRequest; r++) {
    const from = requestOffsets[r]!;
    const to = requestOffsets[r + 1]!;
    if (to - from <= RUN_LENGTH) {
      sortRun(utility, order, from, to);
      tied[from] = 0;
      for (let i = from + 1; i < to; i++) tied[i] = inRun[i - from] === inRun[i - from - 1] ? 1 : 0;
    } else sortLong(utility, order, spare, tied, from, to);
  }
  return { order, tied };
}

/** Its utilities are left in `inRun`: they are compared where they are moved, not through their rows. */
function sortRun(utility: Float64Array, order: Uint32Array, from: number, to: number): void {
  for (let i = 0; i < to - from; i++) {
    const value = utility[from + i]!;
    let place = i;
    while (place > 0 && inRun[place - 1]! < value) {
      inRun[place] = inRun[place - 1]!;
      order[from + place] = order[from + place - 1]!;
      place--;
    }
    inRun[place] = value;
    order[from + place] = from + i;
  }
}

function sortLong(
  utility: Float64Array,
  order: Uint32Array,
  spare: Uint32Array,
  tied: Uint8Array,
  from: number,
  to: number,
): void {
  for (let run = from; run < to; run += RUN_LENGTH) {
    sortRun(utility, order, run, Math.min(run + RUN_LENGTH, to));
  }
  for (let width = RUN_LENGTH; width < to - from; width *= 2) {
    for (let left = from; left + width < to; left += 2 * width) {
      merge(utility, order, spare, left, left + width, Math.min(left + 2 * width, to));
    }
  }
  tied[from] = 0;
  for (let i = from + 1; i < to; i++) tied[i] = utility[order[i]!] === utility[order[i - 1]!] ? 1 : 0;
}

function merge(
  utility: Float64Array,
  order: Uint32Array,
  spare: Uint32Array,
  left: number,
  middle: number,
  right: number,
): void {
  for (let i = left; i < middle; i++) spare[i] = order[i]!;
  let a = left;
  let b = middle;
  let place = left;
  while (a < middle && b < right) {
    const takeRight = utility[order[b]!]! > utility[spare[a]!]!;
    order[place++] = takeRight ? order[b++]! : spare[a++]!;
  }
  while (a < middle) order[place++] = spare[a++]!;
}
