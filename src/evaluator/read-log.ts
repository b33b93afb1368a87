import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DomainError } from '../domain/errors.ts';
import type { LogSource } from '../domain/log.ts';
import { calibrate } from './calibrate.ts';
import { baseRate, countLabels, fitOfProbabilities } from './calibration-report.ts';
import type { EngagementLog, HeadColumns, SegmentColumn } from './engagement-log.ts';
import { badValueError } from './log/bad-value.ts';
import { readError } from './log/duckdb-error.ts';
import { checkGzip } from './log/gzip-integrity.ts';
import {
  type ColumnNames,
  columnNames,
  findColumns,
  type NumberRole,
  type WantedColumns,
  type WantedHead,
} from './log/log-columns.ts';
import { openLogFile } from './log/log-file.ts';
import type { ColumnForms } from './log/log-statement.ts';
import { segmentNames } from './log/segment-names.ts';
import { hasNumericTimestamps } from './log/timestamp-form.ts';
import { type LogTable, openLogTable } from './log/log-table.ts';
import { collectRows, type CollectedRows } from './log/collect-rows.ts';
import { groupByRequest, type RequestGroups } from './log/group-by-request.ts';
import type { RowBlocks } from './log/row-blocks.ts';

/** Which log to read, by which columns. */
export type LogRequest = LogSource & ColumnNames;

/** Extensions are never looked for on the network: those that read logs are built in. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/**
 * Reads logged engagement into shared memory: rows grouped by request in the order of the file, scores calibrated.
 *
 * Throws `log_unreadable` when the file is missing, truncated or broken, and `log_invalid` when it lacks a column or
 * holds a value that is not what its column should hold; each as one line that says where, what and what is expected.
 */
export async function readLog(request: LogRequest): Promise<EngagementLog> {
  const file = await openLogFile(request.path);
  if (file.gzip) await checkGzip(file.path);
  const instance = await DuckDBInstance.create(':memory:', OFFLINE);
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      const table = await openLogTable(connection, file, columnNames(request));
      return await readTable(connection, table, request);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

async function readTable(
  connection: DuckDBConnection,
  table: LogTable,
  request: LogRequest,
): Promise<EngagementLog> {
  const { file } = table;
  const wanted = findColumns(table, request);
  const segments = wanted.segment === undefined ? [] : await segmentNames(connection, table, wanted.segment);
  const numericTimestamps =
    wanted.timestamp !== undefined && (await hasNumericTimestamps(connection, table, wanted.timestamp));
  const forms = { segments, numericTimestamps };
  const collected = await collectGoodRows(connection, table, wanted, forms, request.nullScores);
  if (collected.rows === 0) {
    const dropped = collected.droppedRows;
    const found =
      dropped === 0 ? 'has columns but no rows' : `has a null score in every row (${dropped} dropped)`;
    throw new DomainError('log_invalid', `${found}: expected impressions`, { file: file.path });
  }
  const groups = groupByRequest(collected.request, collected.rows, collected.requests);
  const numbers = (role: NumberRole): Float64Array<SharedArrayBuffer> | undefined => {
    const blocks = collected.numbers[wanted.numbers.findIndex((column) => column.role === role)];
    return blocks && float64Column(blocks, groups);
  };
  const weight = numbers('weight');
  if (weight?.every((w) => w === 0)) {
    const column = `column "${request.weight}" (weight)`;
    throw new DomainError('log_invalid', `${column} is 0 in every row: expected a weight above 0`, {
      file: file.path,
    });
  }
  return {
    rows: collected.rows,
    requests: collected.requests,
    droppedRows: collected.droppedRows,
    requestOffsets: groups.requestOffsets,
    heads: wanted.heads.map((head, t) =>
      headColumns(head, collected.scores[t]!, collected.labels[t]!, weight, groups),
    ),
    baselineScore: numbers('baseline score'),
    weight,
    examination: numbers('examination'),
    displayPropensity: numbers('display propensity'),
    position: positions(
      collected.numbers[wanted.numbers.findIndex(({ role }) => role === 'position')],
      groups,
    ),
    userOfRequest: collected.userOfRequest?.toShared(collected.requests),
    timestampOfRequest: collected.timestampOfRequest?.toShared(collected.requests),
    examinationCurve: request.examinationCurve,
    segment: collected.segment && segmentColumn(segments, collected.segment, groups),
  };
}

async function collectGoodRows(
  connection: DuckDBConnection,
  table: LogTable,
  wanted: WantedColumns,
  forms: ColumnForms,
  nullScores: LogRequest['nullScores'],
): Promise<CollectedRows> {
  try {
    const collected = await collectRows(connection, table, wanted, forms, nullScores);
    if (collected.bad === undefined) return collected;
    throw await badValueError(connection, table, collected.bad, wanted.request);
  } catch (error) {
    throw error instanceof DomainError ? error : await readError(error, table.file);
  }
}

function headColumns(
  { name, head }: WantedHead,
  scores: RowBlocks<Float64Array>,
  labels: RowBlocks<Int8Array>,
  weight: Float64Array | undefined,
  groups: RequestGroups,
): HeadColumns {
  const read = int8Column(labels, groups);
  const graded = (head.maxGrade ?? 1) > 1;
  const label = graded ? positiveFromOne(read) : read;
  const probability = float64Column(scores, groups);
  const before = fitOfProbabilities(probability, label, weight);
  calibrate(probability, head.negativeKeepRate);
  const counts = countLabels(label, groups.requestOffsets);
  const calibration = {
    ...counts,
    negativeKeepRate: head.negativeKeepRate,
    baseRate: baseRate(label, weight),
    before,
    after: fitOfProbabilities(probability, label, weight),
  };
  return { name, sign: head.sign, probability, label, grade: graded ? read : undefined, calibration };
}

/** 1 for every grade above 0. */
function positiveFromOne(grade: Int8Array): Int8Array<SharedArrayBuffer> {
  const label = new Int8Array(new SharedArrayBuffer(grade.length));
  for (let i = 0; i < grade.length; i++) label[i] = Math.min(grade[i]!, 1);
  return label;
}

function segmentColumn(
  names: readonly string[],
  codes: RowBlocks<Int8Array>,
  groups: RequestGroups,
): SegmentColumn {
  return { names, code: int8Column(codes, groups) };
}

function positions(
  blocks: RowBlocks<Float64Array> | undefined,
  { place }: RequestGroups,
): Int32Array<SharedArrayBuffer> | undefined {
  if (blocks === undefined) return undefined;
  const column = new Int32Array(new SharedArrayBuffer(place.length * Int32Array.BYTES_PER_ELEMENT));
  blocks.forEach((value, row) => {
    column[place[row]!] = value;
  });
  return column;
}

function int8Column(blocks: RowBlocks<Int8Array>, { place }: RequestGroups): Int8Array<SharedArrayBuffer> {
  const column = new Int8Array(new SharedArrayBuffer(place.length));
  blocks.moveTo(column, place);
  return column;
}

function float64Column(
  blocks: RowBlocks<Float64Array>,
  { place }: RequestGroups,
): Float64Array<SharedArrayBuffer> {
  const column = new Float64Array(new SharedArrayBuffer(place.length * Float64Array.BYTES_PER_ELEMENT));
  blocks.moveTo(column, place);
  return column;
}
