/** One thread's part of what threads do together. */
export interface Share {
  readonly share: number;
  readonly shares: number;
}

export const WHOLE: Share = { share: 0, shares: 1 };

/** Where a share of so many begins and ends. */
export function partOf(length: number, { share, shares }: Share): readonly [number, number] {
  return [Math.floor((length * share) / shares), Math.floor((length * (share + 1)) / shares)];
}

/** The requests of a share, about as many rows as others have. `requestOffsets` R + 1. */
export function requestsOf(requestOffsets: Int32Array, share: Share): readonly [number, number] {
  const [from, to] = partOf(requestOffsets.at(-1)!, share);
  return [firstFrom(requestOffsets, from), firstFrom(requestOffsets, to)];
}

function firstFrom(requestOffsets: Int32Array, row: number): number {
  let [low, high] = [0, requestOffsets.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (requestOffsets[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
