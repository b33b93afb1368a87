import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogSource } from '../../domain/log.ts';
import type { BadValue } from './bad-value.ts';
import { type ChunkColumns, chunkColumns } from './chunk-columns.ts';
import { firstBadValue } from './first-bad-value.ts';
import type { WantedColumns } from './log-columns.ts';
import { type ColumnForms, logStatement, type LogStatement } from './log-statement.ts';
import type { LogTable } from './log-table.ts';
import { createRequestIndex, type RequestIndex } from './request-index.ts';
import { createTimestampOfRequest, createUserOfRequest, type RequestValues } from './request-values.ts';
import { createRowBlocks, type RowBlocks } from './row-blocks.ts';

/** The rows of a log in the order of the file, up to the first bad value if there is one. */
export interface CollectedRows {
  readonly rows: number;
  readonly droppedRows: number;
  readonly requests: number;
  readonly bad: BadValue | undefined;
  readonly request: RowBlocks<Int32Array>;
  readonly scores: readonly RowBlocks<Float64Array>[];
  readonly labels: readonly RowBlocks<Int8Array>[];
  /** As `WantedColumns.numbers`. */
  readonly numbers: readonly RowBlocks<Float64Array>[];
  readonly segment: RowBlocks<Int8Array> | undefined;
  readonly users: number;
  readonly userOfRequest: RequestValues<Int32Array<SharedArrayBuffer>> | undefined;
  readonly timestampOfRequest: RequestValues<Float64Array<SharedArrayBuffer>> | undefined;
}

/** Streams the log once, chunk by chunk. Stops at the first chunk with a bad value. */
export async function collectRows(
  connection: DuckDBConnection,
  table: LogTable,
  wanted: WantedColumns,
  forms: ColumnForms,
  nullScores: LogSource['nullScores'],
): Promise<CollectedRows> {
  const statement = logStatement(table, wanted, forms);
  const index = createRequestIndex();
  const request = createRowBlocks<Int32Array>((rows) => new Int32Array(rows));
  const scores = wanted.heads.map(float64Blocks);
  const labels = wanted.heads.map(int8Blocks);
  const numbers = wanted.numbers.map(float64Blocks);
  const segment = wanted.segment && int8Blocks();
  const userIndex = createRequestIndex();
  const userOfRequest = wanted.user && createUserOfRequest();
  const timestampOfRequest = wanted.timestamp && createTimestampOfRequest();
  let rowsRead = 0;
  let rows = 0;
  let bad: BadValue | undefined;
  const result = await connection.stream(statement.sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return refuseBrokenStream(connection, statement);
    const columns = chunkColumns(chunk, statement, wanted);
    bad = firstBadValue(columns, wanted, nullScores === 'drop', rowsRead);
    if (bad !== undefined) break;
    const keep = rowsWithScores(columns);
    const requests = requestNumbers(columns, keep, index);
    if (userOfRequest !== undefined) {
      const other = noteUsers(columns, keep, requests, userIndex, userOfRequest);
      if (other !== undefined) bad = { row: rowsRead + other + 1, wanted: wanted.user!, isSecondUser: true };
      if (bad !== undefined) break;
    }
    if (timestampOfRequest !== undefined) noteTimes(columns, keep, requests, timestampOfRequest);
    request.append(requests, keep);
    scores.forEach((blocks, t) => blocks.append(columns.scores[t]!, keep));
    labels.forEach((blocks, t) => blocks.append(columns.labels[t]!, keep));
    numbers.forEach((blocks, j) => blocks.append(columns.numbers[j]!, keep));
    if (columns.segment !== undefined) segment?.append(columns.segment, keep);
    rowsRead += columns.rows;
    for (const kept of keep) rows += kept;
    if (columns.isLast) break;
  }
  return {
    rows,
    droppedRows: rowsRead - rows,
    requests: index.size,
    bad,
    request,
    scores,
    labels,
    numbers,
    segment,
    users: userIndex.size,
    userOfRequest,
    timestampOfRequest,
  };
}

function int8Blocks(): RowBlocks<Int8Array> {
  return createRowBlocks<Int8Array>((rows) => new Int8Array(rows));
}

function float64Blocks(): RowBlocks<Float64Array> {
  return createRowBlocks<Float64Array>((rows) => new Float64Array(rows));
}

/** Runs the statement again, not as a stream, for the error that ended the stream. */
async function refuseBrokenStream(connection: DuckDBConnection, { sql }: LogStatement): Promise<never> {
  await connection.run(`SELECT max(COLUMNS(*)) FROM (${sql})`);
  throw new Error('the log changed while it was read');
}

/** 1 for the rows that have all their scores: null scores are NaN. */
function rowsWithScores({ rows, scores }: ChunkColumns): Int8Array {
  const keep = new Int8Array(rows).fill(1);
  for (const score of scores) {
    for (let i = 0; i < rows; i++) if (Number.isNaN(score[i]!)) keep[i] = 0;
  }
  return keep;
}

/** The number of each kept row's request; a request whose rows are all dropped gets none. */
function requestNumbers(
  { rows, request: { low, high } }: ChunkColumns,
  keep: Int8Array,
  index: RequestIndex,
): Int32Array {
  const numbers = new Int32Array(rows);
  for (let i = 0; i < rows; i++) if (keep[i] === 1) numbers[i] = index.numberOf(low, high, i);
  return numbers;
}

/** Keeps the user of each request. Returns the first row whose request has another one. */
function noteUsers(
  { rows, user }: ChunkColumns,
  keep: Int8Array,
  requests: Int32Array,
  index: RequestIndex,
  userOfRequest: RequestValues<Int32Array>,
): number | undefined {
  for (let i = 0; i < rows; i++) {
    if (keep[i] === 0) continue;
    const known = userOfRequest.get(requests[i]!);
    const found = index.numberOf(user!.low, user!.high, i);
    if (known === found) continue;
    if (known >= 0) return i;
    userOfRequest.set(requests[i]!, found);
  }
  return undefined;
}

/** Keeps the earliest time of each request. */
function noteTimes(
  { rows, timestamp }: ChunkColumns,
  keep: Int8Array,
  requests: Int32Array,
  timestampOfRequest: RequestValues<Float64Array>,
): void {
  for (let i = 0; i < rows; i++) {
    if (keep[i] === 0) continue;
    const time = timestamp![i]!;
    if (time < timestampOfRequest.get(requests[i]!)) timestampOfRequest.set(requests[i]!, time);
  }
}
