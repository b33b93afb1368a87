import type { LogTable } from './log-table.ts';
import type { WantedColumn, WantedColumns, WantedLabel } from './log-columns.ts';
import { quoteString } from './sql-text.ts';

/** What the statement gives for a label that is neither a grade nor missing. */
export const BAD_LABEL = 127;

/** What the first column tells of a row of the statement. */
export const ROW_STATE = { ok: 0, requestIsNull: 1, endOfLog: 2 } as const;

export interface LogStatement {
  readonly sql: string;
  /** 32-bit words in a request's key: 2 for an integer, itself; 4 for anything else, its MD5 sum. */
  readonly keyWords: 2 | 4;
}

/**
 * The one statement that reads a log: row state, key of the request, then score and label of each head, then the numbers of the row,
 * then the number of its segment.
 *
 * No value of it is null, because DuckDB's vectors are read as typed arrays without their validity masks: a null number is
 * NaN, one that is no number is infinite, a null label or segment is −1.
 *
 * The last row is a marker, `ROW_STATE.endOfLog`: when DuckDB meets an error after the first rows of a stream, the stream ends as if
 * the log had ended, without a word, and only the marker's absence tells.
 *
 * Requests that are not integers are told apart by 128 bits of MD5: two of n differing identifiers collide with a probability
 * below n²/2¹²⁹, which is 2⁻⁷⁷ for 67 million requests.
 */
export function logStatement(
  table: LogTable,
  { request, heads, numbers, segment }: WantedColumns,
  segments: readonly string[],
): LogStatement {
  const id = request.column;
  const integer = id.type === 'integer';
  const md5 = `md5_number(CAST(${id.sql} AS VARCHAR))`;
  const keys = integer
    ? [`coalesce(CAST(${id.sql} AS BIGINT), 0)`]
    : [
        `coalesce(CAST(${md5} & 18446744073709551615 AS UBIGINT), 0)`,
        `coalesce(CAST(${md5} >> 64 AS UBIGINT), 0)`,
      ];
  const columns = [
    `CAST(${id.sql} IS NULL AS TINYINT)`,
    ...keys,
    ...heads.flatMap(({ score, label }) => [numberSql(score), labelSql(label)]),
    ...numbers.map(numberSql),
    ...(segment === undefined ? [] : [segmentSql(segment, segments)]),
  ];
  const marker = [
    `CAST(${ROW_STATE.endOfLog} AS TINYINT)`,
    ...keys.map(() => (integer ? '0::BIGINT' : '0::UBIGINT')),
    ...heads.flatMap(() => ['0::DOUBLE', '0::TINYINT']),
    ...numbers.map(() => '0::DOUBLE'),
    ...(segment === undefined ? [] : ['0::TINYINT']),
  ];
  const sql = `SELECT ${columns.join(', ')} FROM ${table.sql} UNION ALL SELECT ${marker.join(', ')}`;
  return { sql, keyWords: integer ? 2 : 4 };
}

function numberSql({ column: { sql } }: WantedColumn): string {
  const number = `TRY_CAST(${sql} AS DOUBLE)`;
  return `CASE WHEN ${sql} IS NULL THEN 'NaN'::DOUBLE WHEN ${number} IS NULL OR isnan(${number}) THEN 'Infinity'::DOUBLE ELSE ${number} END`;
}

function segmentSql({ column: { sql } }: WantedColumn, segments: readonly string[]): string {
  const names = segments.map(quoteString).join(', ');
  return `CAST(coalesce(list_position([${names}]::VARCHAR[], CAST(${sql} AS VARCHAR)), 0) - 1 AS TINYINT)`;
}

function labelSql({ column: { sql, type }, maxGrade }: WantedLabel): string {
  const number = `TRY_CAST(${sql} AS DOUBLE)`;
  const word = (text: string): string => (type === 'text' ? ` OR lower(${sql}) = '${text}'` : '');
  const grades =
    maxGrade === 1
      ? ''
      : `WHEN ${number} BETWEEN 2 AND ${maxGrade} AND ${number} = floor(${number}) THEN ${number} `;
  return `CAST(CASE WHEN ${sql} IS NULL THEN -1 WHEN ${number} = 1${word('true')} THEN 1 WHEN ${number} = 0${word('false')} THEN 0 ${grades}ELSE ${BAD_LABEL} END AS TINYINT)`;
}
