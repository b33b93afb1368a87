import type { LogTable } from './log-table.ts';
import type { WantedColumn, WantedColumns, WantedLabel } from './log-columns.ts';
import { quoteString } from './sql-text.ts';

/** What the statement gives for a label that is neither a grade nor missing. */
export const BAD_LABEL = 127;

/** What the first column tells of a row of the statement. */
export const ROW_STATE = { ok: 0, requestIsNull: 1, endOfLog: 2, userIsNull: 3 } as const;

/** 32-bit words in a key: 2 for an integer, itself; 4 for anything else, its MD5 sum. */
export type KeyWords = 2 | 4;

export interface LogStatement {
  readonly sql: string;
  /** Of a request's key. */
  readonly keyWords: KeyWords;
  /** Of a user's key; undefined where no user is read. */
  readonly userWords: KeyWords | undefined;
}

/** What the columns of a log that are text hold, as a look at the log has told. */
export interface ColumnForms {
  /** The values of the segment column. */
  readonly segments: readonly string[];
  /** Whether the times of a text column are numbers, as against dates. */
  readonly numericTimestamps: boolean;
}

/**
 * The one statement that reads a log: row state, key of the request, then score and label of each head, then the numbers of
 * the row, then the number of its segment, its time, and the key of its user.
 *
 * No value of it is null, because DuckDB's vectors are read as typed arrays without their validity masks: a null number is
 * NaN, one that is no number is infinite, a null label or segment is −1.
 *
 * The last row is a marker, `ROW_STATE.endOfLog`: when DuckDB meets an error after the first rows of a stream, the stream ends as if
 * the log had ended, without a word, and only the marker's absence tells.
 *
 * Requests and users that are not integers are told apart by 128 bits of MD5: two of n differing identifiers collide with a
 * probability below n²/2¹²⁹, which is 2⁻⁷⁷ for 67 million of them.
 */
export function logStatement(
  table: LogTable,
  { request, heads, numbers, segment, timestamp, user }: WantedColumns,
  { segments, numericTimestamps }: ColumnForms,
): LogStatement {
  const userIsNull =
    user === undefined ? '' : ` WHEN ${user.column.sql} IS NULL THEN ${ROW_STATE.userIsNull}`;
  const columns = [
    `CAST(CASE WHEN ${request.column.sql} IS NULL THEN ${ROW_STATE.requestIsNull}${userIsNull} ELSE ${ROW_STATE.ok} END AS TINYINT)`,
    ...keySql(request),
    ...heads.flatMap(({ score, label }) => [numberSql(score), labelSql(label)]),
    ...numbers.map(numberSql),
    ...(segment === undefined ? [] : [segmentSql(segment, segments)]),
    ...(timestamp === undefined ? [] : [timestampSql(timestamp, numericTimestamps)]),
    ...(user === undefined ? [] : keySql(user)),
  ];
  const marker = [
    `CAST(${ROW_STATE.endOfLog} AS TINYINT)`,
    ...keyMarker(request),
    ...heads.flatMap(() => ['0::DOUBLE', '0::TINYINT']),
    ...numbers.map(() => '0::DOUBLE'),
    ...(segment === undefined ? [] : ['0::TINYINT']),
    ...(timestamp === undefined ? [] : ['0::DOUBLE']),
    ...(user === undefined ? [] : keyMarker(user)),
  ];
  const sql = `SELECT ${columns.join(', ')} FROM ${table.sql} UNION ALL SELECT ${marker.join(', ')}`;
  return { sql, keyWords: keyWords(request), userWords: user && keyWords(user) };
}

function keyWords({ column }: WantedColumn): KeyWords {
  return column.type === 'integer' ? 2 : 4;
}

function keySql(wanted: WantedColumn): readonly string[] {
  const { sql } = wanted.column;
  if (keyWords(wanted) === 2) return [`coalesce(CAST(${sql} AS BIGINT), 0)`];
  const md5 = `md5_number(CAST(${sql} AS VARCHAR))`;
  return [
    `coalesce(CAST(${md5} & 18446744073709551615 AS UBIGINT), 0)`,
    `coalesce(CAST(${md5} >> 64 AS UBIGINT), 0)`,
  ];
}

function keyMarker(wanted: WantedColumn): readonly string[] {
  return keyWords(wanted) === 2 ? ['0::BIGINT'] : ['0::UBIGINT', '0::UBIGINT'];
}

/** A number of double precision: NaN for a null, infinite for what is none. */
export function numberSql({ column: { sql } }: WantedColumn): string {
  return finiteSql(sql, `TRY_CAST(${sql} AS DOUBLE)`);
}

/** Seconds since 1970 of a date or a time, which is UTC where it does not say otherwise; a number as it is. */
function timestampSql({ column: { sql, type } }: WantedColumn, numericTimestamps: boolean): string {
  if (type === 'time') return finiteSql(sql, `CAST(epoch(${sql}) AS DOUBLE)`);
  if (type === 'text' && !numericTimestamps) return finiteSql(sql, `epoch(TRY_CAST(${sql} AS TIMESTAMPTZ))`);
  return finiteSql(sql, `TRY_CAST(${sql} AS DOUBLE)`);
}

function finiteSql(sql: string, number: string): string {
  return `CASE WHEN ${sql} IS NULL THEN 'NaN'::DOUBLE WHEN ${number} IS NULL OR isnan(${number}) THEN 'Infinity'::DOUBLE ELSE ${number} END`;
}

function segmentSql({ column: { sql } }: WantedColumn, segments: readonly string[]): string {
  const names = segments.map(quoteString).join(', ');
  return `CAST(coalesce(list_position([${names}]::VARCHAR[], CAST(${sql} AS VARCHAR)), 0) - 1 AS TINYINT)`;
}

/** The grade of a label, −1 for a null, `BAD_LABEL` for what is none. */
export function labelSql({ column: { sql, type }, maxGrade }: WantedLabel): string {
  const number = `TRY_CAST(${sql} AS DOUBLE)`;
  const word = (text: string): string => (type === 'text' ? ` OR lower(${sql}) = '${text}'` : '');
  const grades =
    maxGrade === 1
      ? ''
      : `WHEN ${number} BETWEEN 2 AND ${maxGrade} AND ${number} = floor(${number}) THEN ${number} `;
  return `CAST(CASE WHEN ${sql} IS NULL THEN -1 WHEN ${number} = 1${word('true')} THEN 1 WHEN ${number} = 0${word('false')} THEN 0 ${grades}ELSE ${BAD_LABEL} END AS TINYINT)`;
}
