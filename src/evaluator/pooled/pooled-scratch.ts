import type { LabelCodes } from './label-codes.ts';
import type { PartitionedRows } from './partition-rows.ts';
import type { PassWorker } from './pooled-pass.ts';

/** What pooled passes over one log keep. */
export interface PooledScratch extends PassWorker {
  readonly rows: PartitionedRows;
  /** By what the passes count. */
  readonly codes: Map<string, LabelCodes>;
}

/** Lays a pass's arrays over three buffers of 8 bytes a row. */
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
    work: undefined,
  };
}
