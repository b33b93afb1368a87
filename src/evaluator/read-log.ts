import type { DuckDBConnection } from '@duckdb/node-api';
import type { Holdout } from '../domain/holdout.ts';
import type { LogSource } from '../domain/log.ts';
import { appliedCalibration, calibrateHead } from './calibrate-head.ts';
import { baseRate, countLabels, fitOfProbabilities } from './calibration-report.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import { collectRows } from './log/collect-rows.ts';
import { findLogFiles, nameFiles } from './log/find-log-files.ts';
import { groupRows } from './log/grouped-rows.ts';
import { checkGzip } from './log/gzip-integrity.ts';
import type { ColumnNames, NumberRole, WantedHead } from './log/log-columns.ts';
import { type FileContents, type LogFile, openLogFile } from './log/log-file.ts';
import { type LogSourceFile, openLogSource } from './log/log-source-files.ts';
import { noRowsError, noWeightError } from './log/empty-log.ts';
import { checkMemory, defaultMemoryBudget, type FurtherMemory } from './log/memory-budget.ts';
import { rowBound } from './log/row-bound.ts';
import { segmentNames } from './log/segment-names.ts';
import { sharedInt8 } from './log/shared-columns.ts';
import { hasNumericTimestamps } from './log/timestamp-form.ts';
import { withDuckDb } from './log/with-duckdb.ts';
import { heldOutRequests, type SplitColumns, tuneLabels } from './split-log.ts';
import { checkZstd } from './log/zstd-integrity.ts';

/** Which log to read, by which columns. */
export interface LogRequest extends ColumnNames, Pick<LogSource, 'nullScores'> {
  /** Files and patterns, as `findLogFiles` takes them. */
  readonly path: string | readonly string[];
  /** The file of DuckDB's extension that s3:// paths take. */
  readonly httpfs?: string | undefined;
  readonly examinationCurve?: readonly number[] | undefined;
  /** Bytes that reading, and what follows, may take, see `readingMemory`; left out, half of the machine's. */
  readonly memoryBudget?: number;
  /** Whose labels no calibration is fitted to. */
  readonly heldOut?: { readonly holdout: Holdout; readonly seed: number } | undefined;
  /** What follows. */
  readonly furtherMemory?: FurtherMemory | undefined;
}

/**
 * Reads logged engagement into shared memory: rows grouped by request, in the order of `findLogFiles` and of each file; scores
 * calibrated.
 *
 * Throws `log_unreadable` when a file is missing, truncated or broken, and `log_invalid` when one lacks a column or
 * holds a value that is not what its column should hold; each as one line that says where, what and what is expected.
 */
export async function readLog(request: LogRequest): Promise<EngagementLog> {
  const files: LogFile[] = [];
  for (const path of await findLogFiles(request.path, '', request.httpfs)) files.push(await wholeFile(path));
  return withDuckDb(
    files.map(({ path }) => path),
    async (connection) => readFiles(connection, await openLogSource(connection, files, request), request),
    { httpfs: request.httpfs },
  );
}

/** Opens a file of a log, having made sure that it was not cut off. */
export async function wholeFile(path: string, contents?: FileContents): Promise<LogFile> {
  const file = await openLogFile(path, contents);
  if (file.compression === 'gzip') await checkGzip(path, file.contents.rows);
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
  let rowsAtMost = 0;
  for (const { table } of files) rowsAtMost += await rowBound(connection, table);
  if (rowsAtMost === 0) throw noRowsError(0, place.file);
  const budget = request.memoryBudget ?? defaultMemoryBudget();
  checkMemory(rowsAtMost, wanted, request.furtherMemory, budget, place.file);
  const segments = await segmentNames(connection, files);
  const forms = { segments, numericTimestamps: await hasNumericTimestamps(connection, files) };
  const collected = await collectRows(connection, files, forms, request.nullScores, rowsAtMost);
  const { rows, requests, droppedRows } = collected;
  if (rows === 0) throw noRowsError(droppedRows, place.file);
  const grouped = groupRows(collected);
  const { requestOffsets } = grouped;
  const numbers = <T extends Float64Array<SharedArrayBuffer> | Int32Array<SharedArrayBuffer>>(
    role: NumberRole,
  ): T | undefined =>
    grouped.numbers[wanted.numbers.findIndex((column) => column.role === role)] as T | undefined;
  const weight = numbers<Float64Array<SharedArrayBuffer>>('weight');
  if (weight?.every((w) => w === 0)) throw noWeightError(request.weight!, place.file);
  const userOfRequest = collected.userOfRequest?.toShared(requests);
  const timestampOfRequest = collected.timestampOfRequest?.toShared(requests);
  const held = heldOut(request, { requests, userOfRequest, timestampOfRequest });
  return {
    rows,
    requests,
    droppedRows,
    requestOffsets,
    heads: wanted.heads.map((head, t) =>
      headColumns(head, grouped.scores[t]!, grouped.labels[t]!, weight, requestOffsets, held),
    ),
    baselineScore: numbers('baseline score'),
    weight,
    examination: numbers('examination'),
    displayPropensity: numbers('display propensity'),
    position: numbers('position'),
    userOfRequest,
    timestampOfRequest,
    examinationCurve: request.examinationCurve,
    segment: grouped.segment && { names: segments, code: grouped.segment },
  };
}

function heldOut({ heldOut: wanted, heads }: LogRequest, columns: SplitColumns): Uint8Array | undefined {
  const isFitted = Object.values(heads).some(({ calibration }) => calibration === 'isotonic');
  return wanted && isFitted ? heldOutRequests(columns, wanted.holdout, wanted.seed).held : undefined;
}

function headColumns(
  { name, head }: WantedHead,
  probability: Float64Array<SharedArrayBuffer>,
  read: Int8Array<SharedArrayBuffer>,
  weight: Float64Array | undefined,
  requestOffsets: Int32Array,
  held: Uint8Array | undefined,
): HeadColumns {
  const { negativeKeepRate, sign } = head;
  const applied = appliedCalibration(head);
  const graded = (head.maxGrade ?? 1) > 1;
  const label = graded ? positiveFromOne(read) : read;
  const before = fitOfProbabilities(probability, label, weight);
  const fittedLabel =
    held === undefined || applied !== 'isotonic' ? label : tuneLabels(label, requestOffsets, held);
  calibrateHead(probability, head, fittedLabel, weight);
  const calibration = {
    ...countLabels(label, requestOffsets),
    negativeKeepRate,
    baseRate: baseRate(label, weight),
    before,
    after: applied === 'none' ? before : fitOfProbabilities(probability, label, weight),
  };
  return { name, sign, probability, label, grade: graded ? read : undefined, calibration };
}

/** 1 for every grade above 0. */
function positiveFromOne(grade: Int8Array): Int8Array<SharedArrayBuffer> {
  const label = sharedInt8(grade.length);
  for (let i = 0; i < grade.length; i++) label[i] = Math.min(grade[i]!, 1);
  return label;
}
