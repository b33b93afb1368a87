import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogSource } from '../../domain/log.ts';
import { DomainError } from '../../domain/errors.ts';
import { badValueError } from './bad-value.ts';
import { type ChunkColumns, chunkColumns } from './chunk-columns.ts';
import { readError } from './duckdb-error.ts';
import { firstBadValue } from './first-bad-value.ts';
import { type ColumnForms, logStatement, type LogStatement } from './log-statement.ts';
import type { LogSourceFile } from './log-source-files.ts';
import { createRequestIndex, type RequestIndex } from './request-index.ts';
import { createTimestampOfRequest, createUserOfRequest, type RequestValues } from './request-values.ts';
import { sharedFloat64, sharedInt32, sharedInt8, writeKept } from './shared-columns.ts';

/** The rows of a log in the order of its files, and of each file; its columns may be longer than it has rows. */
export interface CollectedRows {
  readonly rows: number;
  readonly droppedRows: number;
  readonly requests: number;
  /** The number of each row's request. */
  readonly request: Int32Array;
  readonly scores: readonly Float64Array<SharedArrayBuffer>[];
  readonly labels: readonly Int8Array<SharedArrayBuffer>[];
  /** As `WantedColumns.numbers`; places are integers. */
  readonly numbers: readonly (Float64Array<SharedArrayBuffer> | Int32Array<SharedArrayBuffer>)[];
  readonly segment: Int8Array<SharedArrayBuffer> | undefined;
  readonly userOfRequest: RequestValues<Int32Array<SharedArrayBuffer>> | undefined;
  readonly timestampOfRequest: RequestValues<Float64Array<SharedArrayBuffer>> | undefined;
}

interface Columns extends Omit<CollectedRows, 'rows' | 'droppedRows' | 'requests'> {
  readonly requestIndex: RequestIndex;
  readonly userIndex: RequestIndex;
}

interface RowCounts {
  readonly read: number;
  readonly kept: number;
}

/** Streams a log of at most `rowBound` rows once, chunk by chunk. Throws for the first bad value, and for what DuckDB cannot read. */
export async function collectRows(
  connection: DuckDBConnection,
  files: readonly LogSourceFile[],
  forms: ColumnForms,
  nullScores: LogSource['nullScores'],
  rowBound: number,
): Promise<CollectedRows> {
  const { heads, numbers, segment, user, timestamp } = files[0]!.wanted;
  const columns: Columns = {
    requestIndex: createRequestIndex(),
    userIndex: createRequestIndex(),
    request: new Int32Array(rowBound),
    scores: heads.map(() => sharedFloat64(rowBound)),
    labels: heads.map(() => sharedInt8(rowBound)),
    numbers: numbers.map(({ role }) =>
      role === 'position' ? sharedInt32(rowBound) : sharedFloat64(rowBound),
    ),
    segment: segment && sharedInt8(rowBound),
    userOfRequest: user && createUserOfRequest(),
    timestampOfRequest: timestamp && createTimestampOfRequest(),
  };
  let rows = 0;
  let droppedRows = 0;
  for (const file of files) {
    try {
      const { read, kept } = await collectFile(connection, file, forms, nullScores, columns, rows);
      rows += kept;
      droppedRows += read - kept;
    } catch (error) {
      throw error instanceof DomainError ? error : await readError(error, file.table.file);
    }
  }
  return { ...columns, rows, droppedRows, requests: columns.requestIndex.size };
}

async function collectFile(
  connection: DuckDBConnection,
  { table, wanted }: LogSourceFile,
  forms: ColumnForms,
  nullScores: LogSource['nullScores'],
  to: Columns,
  start: number,
): Promise<RowCounts> {
  const statement = logStatement(table, wanted, forms);
  const result = await connection.stream(statement.sql);
  let read = 0;
  let kept = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return refuseBrokenStream(connection, statement);
    const columns = chunkColumns(chunk, statement, wanted);
    const bad = firstBadValue(columns, wanted, nullScores === 'drop', read);
    if (bad !== undefined) throw await badValueError(connection, table, bad, wanted.request);
    const keep = rowsWithScores(columns);
    let keptNow = 0;
    for (const one of keep) keptNow += one;
    const requests = requestNumbers(columns, keep, to.requestIndex);
    if (to.userOfRequest !== undefined) {
      const other = noteUsers(columns, keep, requests, to.userIndex, to.userOfRequest);
      if (other !== undefined) {
        const second = { row: read + other + 1, wanted: wanted.user!, isSecondUser: true };
        throw await badValueError(connection, table, second, wanted.request);
      }
    }
    if (to.timestampOfRequest !== undefined) noteTimes(columns, keep, requests, to.timestampOfRequest);
    const at = start + kept;
    if (at + keptNow > to.request.length) throw new Error(CHANGED);
    writeKept(to.request, at, requests, keep, keptNow);
    to.scores.forEach((column, t) => writeKept(column, at, columns.scores[t]!, keep, keptNow));
    to.labels.forEach((column, t) => writeKept(column, at, columns.labels[t]!, keep, keptNow));
    to.numbers.forEach((column, j) => writeKept(column, at, columns.numbers[j]!, keep, keptNow));
    if (to.segment !== undefined) writeKept(to.segment, at, columns.segment!, keep, keptNow);
    read += columns.rows;
    kept += keptNow;
    if (columns.isLast) return { read, kept };
  }
}

const CHANGED = 'the log changed while it was read';

/** Runs the statement again, not as a stream, for the error that ended the stream. */
async function refuseBrokenStream(connection: DuckDBConnection, { sql }: LogStatement): Promise<never> {
  await connection.run(`SELECT max(COLUMNS(*)) FROM (${sql})`);
  throw new Error(CHANGED);
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
