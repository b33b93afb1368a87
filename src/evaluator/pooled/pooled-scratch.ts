import type { LabelCodes } from './label-codes.ts';
import type { PartitionedRows } from './partition-rows.ts';
import type { PassWorker } from './pooled-pass.ts';
import type { SortWork } from './sort-by-utility.ts';

/** What pooled passes over one log keep. */
export interface PooledScratch extends PassWorker {
  readonly rows: PartitionedRows;
  /** By what the passes count. */
  readonly codes: Map<string, LabelCodes>;
  /** Of rankings. */
  sort: SortWork | undefined;
}

/** Lays a pass's arrays over buffers of 8, 4 and 8 bytes a row; the last may be empty where every row weighs 1. */
export function createPooledScratch(
  utility: ArrayBufferLike,
  codes: ArrayBufferLike,
  weight: ArrayBufferLike,
): PooledScratch {
  const rows = utility.byteLength / Float64Array.BYTES_PER_ELEMENT;
  return {
    rows: {
      utility: new Float64Array(utility),
      classOfRow: new Uint16Array(codes, 0, rows),
      code: new Uint16Array(codes, 2 * rows, rows),
      weight: new Float64Array(weight),
    },
    codes: new Map(),
    sort: undefined,
    work: undefined,
    table: undefined,
  };
}
