import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../domain/errors.ts';
import type { LogSource } from '../domain/log.ts';
import { calibrate } from './calibrate.ts';
import { baseRate, countLabels, fitOfProbabilities } from './calibration-report.ts';
import type { EngagementLog, HeadColumns, SegmentColumn } from './engagement-log.ts';
import { collectRows } from './log/collect-rows.ts';
import { findLogFiles, nameFiles } from './log/find-log-files.ts';
import { groupByRequest, type RequestGroups } from './log/group-by-request.ts';
import { checkGzip } from './log/gzip-integrity.ts';
import type { ColumnNames, NumberRole, WantedHead } from './log/log-columns.ts';
import { type LogFile, openLogFile } from './log/log-file.ts';
import { type LogSourceFile, openLogSource } from './log/log-source-files.ts';
import type { RowBlocks } from './log/row-blocks.ts';
import { segmentNames } from './log/segment-names.ts';
import { hasNumericTimestamps } from './log/timestamp-form.ts';
import { withDuckDb } from './log/with-duckdb.ts';
import { checkZstd } from './log/zstd-integrity.ts';

/** Which log to read, by which columns. */
export type LogRequest = Omit<LogSource, 'path'> &
  ColumnNames & { readonly path: string | readonly string[] };

/**
 * Reads logged engagement into shared memory: rows grouped by request, in the order of `findLogFiles` and of each file; scores
 * calibrated.
 *
 * Throws `log_unreadable` when a file is missing, truncated or broken, and `log_invalid` when one lacks a column or
 * holds a value that is not what its column should hold; each as one line that says where, what and what is expected.
 */
export async function readLog(request: LogRequest): Promise<EngagementLog> {
  const files: LogFile[] = [];
  for (const path of await findLogFiles(request.path)) files.push(await wholeFile(path));
  return withDuckDb(async (connection) =>
    readFiles(connection, await openLogSource(connection, files, request), request),
  );
}

async function wholeFile(path: string): Promise<LogFile> {
  const file = await openLogFile(path);
  if (file.compression === 'gzip') await checkGzip(path);
  if (file.compression === 'zstd') await checkZstd(path);
  return file;
}

async function readFiles(
  connection: DuckDBConnection,
  files: readonly LogSourceFile[],
  request: LogRequest,
): Promise<EngagementLog> {
  const { wanted } = files[0]!;
  const place = { file: nameFiles(files.map(({ table }) => table.file.path)) };
  const segments = await segmentNames(connection, files);
  const forms = { segments, numericTimestamps: await hasNumericTimestamps(connection, files) };
  const collected = await collectRows(connection, files, forms, request.nullScores);
  if (collected.rows === 0) {
    const dropped = collected.droppedRows;
    const found =
      dropped === 0 ? 'has columns but no rows' : `has a null score in every row (${dropped} dropped)`;
    throw new DomainError('log_invalid', `${found}: expected impressions`, place);
  }
  const groups = groupByRequest(collected.request, collected.rows, collected.requests);
  const numbers = (role: NumberRole): Float64Array<SharedArrayBuffer> | undefined => {
    const blocks = collected.numbers[wanted.numbers.findIndex((column) => column.role === role)];
    return blocks && float64Column(blocks, groups);
  };
  const weight = numbers('weight');
  if (weight?.every((w) => w === 0)) {
    const column = `column "${request.weight}" (weight)`;
    throw new DomainError('log_invalid', `${column} is 0 in every row: expected a weight above 0`, place);
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
