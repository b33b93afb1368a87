import type { CollectedRows } from './collect-rows.ts';
import { groupByRequest } from './group-by-request.ts';
import { moveRows, sharedFloat64, sharedInt32, sharedInt8 } from './shared-columns.ts';

type Float64Column = Float64Array<SharedArrayBuffer>;
type Int32Column = Int32Array<SharedArrayBuffer>;
type Int8Column = Int8Array<SharedArrayBuffer>;

/** The columns of a log, as long as it has rows, the rows of a request together. */
export interface GroupedRows {
  readonly requestOffsets: Int32Column;
  readonly scores: readonly Float64Column[];
  readonly labels: readonly Int8Column[];
  /** As `CollectedRows.numbers`. */
  readonly numbers: readonly (Float64Column | Int32Column)[];
  readonly segment: Int8Column | undefined;
}

/** Puts the rows of each request together. The columns that were collected are used up. */
export function groupRows(collected: CollectedRows): GroupedRows {
  const { rows, requests, scores, labels, numbers, segment } = collected;
  const { requestOffsets, place } = groupByRequest(collected.request.subarray(0, rows), requests);
  const grouped = <T extends Float64Column | Int32Column | Int8Column>(
    columns: readonly T[],
    allocate: (length: number) => T,
  ): readonly T[] =>
    place === undefined
      ? columns.map((column) => (column.length === rows ? column : (column.subarray(0, rows) as T)))
      : moveRows(columns, place, allocate);
  const reals = numbers.filter((column) => column instanceof Float64Array);
  const places = numbers.filter((column) => column instanceof Int32Array);
  const float64 = grouped([...scores, ...reals], sharedFloat64);
  const int32 = grouped(places, sharedInt32);
  const int8 = grouped([...labels, ...(segment === undefined ? [] : [segment])], sharedInt8);
  const nextReal = float64.slice(scores.length).values();
  const nextPlace = int32.values();
  return {
    requestOffsets,
    scores: float64.slice(0, scores.length),
    labels: int8.slice(0, labels.length),
    numbers: numbers.map((column) => (column instanceof Int32Array ? nextPlace : nextReal).next().value!),
    segment: int8[labels.length],
  };
}
