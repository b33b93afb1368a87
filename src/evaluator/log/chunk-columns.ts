import type { DuckDBDataChunk } from '@duckdb/node-api';
import { float64Items, int8Items, wordItems } from './chunk-items.ts';
import type { WantedColumns } from './log-columns.ts';
import { type KeyWords, type LogStatement, ROW_STATE } from './log-statement.ts';

/** The words of each row's key, two low and two high ones; high ones are 0 for keys of two words. */
export interface ChunkKeys {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** One chunk of the statement's columns, as typed arrays. Valid until the next chunk is fetched. */
export interface ChunkColumns {
  readonly rows: number;
  readonly isLast: boolean;
  readonly state: Int8Array;
  readonly request: ChunkKeys;
  readonly scores: readonly Float64Array[];
  readonly labels: readonly Int8Array[];
  readonly numbers: readonly Float64Array[];
  readonly segment: Int8Array | undefined;
  readonly timestamp: Float64Array | undefined;
  readonly user: ChunkKeys | undefined;
}

export function chunkColumns(
  chunk: DuckDBDataChunk,
  { keyWords, userWords }: LogStatement,
  { heads, numbers, segment, timestamp }: WantedColumns,
): ChunkColumns {
  const states = int8Items(chunk, 0);
  const isLast = states.at(-1) === ROW_STATE.endOfLog;
  const rows = isLast ? states.length - 1 : states.length;
  let next = 1;
  const float64 = (): Float64Array => float64Items(chunk, next++).subarray(0, rows);
  const int8 = (): Int8Array => int8Items(chunk, next++).subarray(0, rows);
  const keys = (words: KeyWords): ChunkKeys => ({
    low: wordItems(chunk, next++),
    high: words === 4 ? wordItems(chunk, next++) : new Int32Array(2 * rows),
  });
  const request = keys(keyWords);
  const scores: Float64Array[] = [];
  const labels: Int8Array[] = [];
  for (const _ of heads) {
    scores.push(float64());
    labels.push(int8());
  }
  return {
    rows,
    isLast,
    state: states.subarray(0, rows),
    request,
    scores,
    labels,
    numbers: numbers.map(float64),
    segment: segment && int8(),
    timestamp: timestamp && float64(),
    user: userWords && keys(userWords),
  };
}
