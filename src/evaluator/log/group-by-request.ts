import { sharedInt32 } from './shared-columns.ts';

/** Where each row of the log goes so that the rows of a request stand together, in the order of the log. */
export interface RequestGroups {
  readonly requestOffsets: Int32Array<SharedArrayBuffer>;
  /** place[i] is where row i of the log goes; undefined where all rows stand there already. */
  readonly place: Int32Array | undefined;
}

/** A stable counting sort of rows by request, in place: `request`, the number of the request of each row, becomes `place`. */
export function groupByRequest(request: Int32Array, requests: number): RequestGroups {
  const requestOffsets = sharedInt32(requests + 1);
  let last = 0;
  let grouped = true;
  for (let row = 0; row < request.length; row++) {
    const r = request[row]!;
    requestOffsets[r + 1]!++;
    grouped &&= r >= last;
    last = r;
  }
  for (let r = 0; r < requests; r++) requestOffsets[r + 1]! += requestOffsets[r]!;
  if (grouped) return { requestOffsets, place: undefined };
  const next = requestOffsets.slice();
  for (let row = 0; row < request.length; row++) request[row] = next[request[row]!]!++;
  return { requestOffsets, place: request };
}
