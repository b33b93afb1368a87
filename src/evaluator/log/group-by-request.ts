import type { RowBlocks } from './row-blocks.ts';

/** Where each row of the file goes so that the rows of a request stand together, in the order of the file. */
export interface RequestGroups {
  readonly requestOffsets: Int32Array<SharedArrayBuffer>;
  /** place[i] is where row i of the file goes. */
  readonly place: Int32Array;
}

/** A stable counting sort of rows by request. `request` gives the number of the request of each row. */
export function groupByRequest(
  request: RowBlocks<Int32Array>,
  rows: number,
  requests: number,
): RequestGroups {
  const bytes = (requests + 1) * Int32Array.BYTES_PER_ELEMENT;
  const requestOffsets = new Int32Array(new SharedArrayBuffer(bytes));
  const place = new Int32Array(rows);
  request.forEach((r) => {
    requestOffsets[r + 1]!++;
  });
  for (let r = 0; r < requests; r++) requestOffsets[r + 1]! += requestOffsets[r]!;
  const next = requestOffsets.slice();
  request.forEach((r, row) => {
    place[row] = next[r]!++;
  });
  return { requestOffsets, place };
}
