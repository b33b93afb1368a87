import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { LogSource } from '../../domain/log.ts';
import { type BadValue, IS_BAD_NUMBER } from './bad-value.ts';
import { float64Items, int8Items, wordItems } from './chunk-items.ts';
import type { WantedColumn, WantedColumns } from './log-columns.ts';
import { BAD_LABEL, logStatement, type LogStatement, ROW_STATE } from './log-statement.ts';
import type { LogTable } from './log-table.ts';
import { createRequestIndex, type RequestIndex } from './request-index.ts';
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
}

/** One chunk of the statement's columns, as typed arrays. */
interface ChunkColumns {
  readonly rows: number;
  readonly isLast: boolean;
  readonly state: Int8Array;
  readonly keyLow: Int32Array;
  readonly keyHigh: Int32Array;
  readonly scores: readonly Float64Array[];
  readonly labels: readonly Int8Array[];
  readonly numbers: readonly Float64Array[];
  readonly segment: Int8Array | undefined;
}

/** Streams the log once, chunk by chunk. Stops at the first chunk with a bad value. */
export async function collectRows(
  connection: DuckDBConnection,
  table: LogTable,
  wanted: WantedColumns,
  segments: readonly string[],
  nullScores: LogSource['nullScores'],
): Promise<CollectedRows> {
  const statement = logStatement(table, wanted, segments);
  const index = createRequestIndex();
  const request = createRowBlocks<Int32Array>((rows) => new Int32Array(rows));
  const scores = wanted.heads.map(float64Blocks);
  const labels = wanted.heads.map(int8Blocks);
  const numbers = wanted.numbers.map(float64Blocks);
  const segment = wanted.segment && int8Blocks();
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
    request.append(requestNumbers(columns, keep, index), keep);
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
  };
}

function int8Blocks(): RowBlocks<Int8Array> {
  return createRowBlocks<Int8Array>((rows) => new Int8Array(rows));
}

function float64Blocks(): RowBlocks<Float64Array> {
  return createRowBlocks<Float64Array>((rows) => new Float64Array(rows));
}

function chunkColumns(
  chunk: DuckDBDataChunk,
  { keyWords }: LogStatement,
  { heads, numbers, segment }: WantedColumns,
): ChunkColumns {
  const states = int8Items(chunk, 0);
  const isLast = states.at(-1) === ROW_STATE.endOfLog;
  const rows = isLast ? states.length - 1 : states.length;
  const first = 1 + keyWords / 2;
  const float64 = (column: number): Float64Array => float64Items(chunk, column).subarray(0, rows);
  return {
    rows,
    isLast,
    state: states.subarray(0, rows),
    keyLow: wordItems(chunk, 1),
    keyHigh: keyWords === 4 ? wordItems(chunk, 2) : new Int32Array(2 * rows),
    scores: heads.map((_, t) => float64(first + 2 * t)),
    labels: heads.map((_, t) => int8Items(chunk, first + 2 * t + 1).subarray(0, rows)),
    numbers: numbers.map((_, j) => float64(first + 2 * heads.length + j)),
    segment: segment && int8Items(chunk, first + 2 * heads.length + numbers.length).subarray(0, rows),
  };
}

/** Runs the statement again, not as a stream, for the error that ended the stream. */
async function refuseBrokenStream(connection: DuckDBConnection, { sql }: LogStatement): Promise<never> {
  await connection.run(`SELECT max(COLUMNS(*)) FROM (${sql})`);
  throw new Error('the log changed while it was read');
}

/** The bad value in the first row that has one, and in that row in the first column of the study. */
function firstBadValue(
  columns: ChunkColumns,
  { request, heads, numbers }: WantedColumns,
  allowNullScores: boolean,
  rowsBefore: number,
): BadValue | undefined {
  let first = columns.rows;
  let found: WantedColumn | undefined;
  const look = <T extends Float64Array | Int8Array>(
    values: T,
    wanted: WantedColumn,
    isBad: (value: number) => boolean,
  ): void => {
    for (let i = 0; i < first; i++) {
      if (!isBad(values[i]!)) continue;
      first = i;
      found = wanted;
    }
  };
  look(columns.state, request, (state) => state === ROW_STATE.requestIsNull);
  heads.forEach(({ score, label }, t) => {
    look(columns.scores[t]!, score, (s) => !(s >= 0 && s <= 1) && !(allowNullScores && Number.isNaN(s)));
    look(columns.labels[t]!, label, (y) => y === BAD_LABEL);
  });
  numbers.forEach((wanted, j) => look(columns.numbers[j]!, wanted, IS_BAD_NUMBER[wanted.role]));
  return found === undefined ? undefined : { row: rowsBefore + first + 1, wanted: found };
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
  { rows, keyLow, keyHigh }: ChunkColumns,
  keep: Int8Array,
  index: RequestIndex,
): Int32Array {
  const numbers = new Int32Array(rows);
  for (let i = 0; i < rows; i++) if (keep[i] === 1) numbers[i] = index.numberOf(keyLow, keyHigh, i);
  return numbers;
}
