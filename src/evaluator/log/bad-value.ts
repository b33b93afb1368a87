import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import type { ColumnRole, NumberRole, WantedColumn, WantedLabel } from './log-columns.ts';
import { lineOfRow } from './log-lines.ts';
import type { LogTable } from './log-table.ts';

/** The first value of a log that is not what it should be. */
export interface BadValue {
  /** Counted from 1, without a header. */
  readonly row: number;
  readonly wanted: WantedColumn | WantedLabel;
  /** Whether a user is fine by itself, and the request has another one in an earlier row. */
  readonly isSecondUser?: boolean;
}

const EXPECTED: Readonly<Record<ColumnRole, string>> = {
  request: 'a request identifier',
  user: 'a user identifier',
  timestamp: 'a number, a date or a time, such as 2025-03-01T12:30:00Z',
  score: 'a number from 0 to 1',
  label: '0, 1 or empty',
  'baseline score': 'a finite number',
  weight: '0, or a number from 1e-100 to 1e100',
  examination: 'a number above 0, up to 1',
  'display propensity': 'a number above 0, up to 1',
  position: 'a whole number from 1 to 2147483647',
  segment: 'a name',
};

/** Products of two sums of weights neither vanish nor overflow. */
const LEAST_WEIGHT = 1e-100;
const LARGEST_WEIGHT = 1e100;

const LAST_POSITION = 2 ** 31 - 1;

/** Whether a number cannot stand in a column of its role; a null is NaN, and can stand in none. */
export const IS_BAD_NUMBER: Readonly<Record<NumberRole, (value: number) => boolean>> = {
  'baseline score': (score) => !Number.isFinite(score),
  weight: (weight) => !(weight === 0 || (weight >= LEAST_WEIGHT && weight <= LARGEST_WEIGHT)),
  examination: (probability) => !(probability > 0 && probability <= 1),
  'display propensity': (probability) => !(probability > 0 && probability <= 1),
  position: (place) => !(Number.isInteger(place) && place >= 1 && place <= LAST_POSITION),
};

const VALUE_LENGTH = 40;

/** Asks the log a second time, for the value as it stands there or for the number of nulls, and says it in one line. */
export async function badValueError(
  connection: DuckDBConnection,
  table: LogTable,
  { row, wanted, isSecondUser = false }: BadValue,
  request: WantedColumn,
): Promise<DomainError> {
  const { role, purpose, column } = wanted;
  const ask = async (sql: string): Promise<unknown> =>
    (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
  const valueAt = async (sql: string): Promise<unknown> =>
    ask(`SELECT CAST(${sql} AS VARCHAR) FROM ${table.sql} LIMIT 1 OFFSET ${row - 1}`);
  const value = await valueAt(column.sql);
  const line = await lineOfRow(table.file, row);
  const place = line === undefined ? { file: table.file.path } : { file: table.file.path, line };
  const subject = `column "${column.name}" (${purpose})`;
  const invalid = (message: string): DomainError => new DomainError('log_invalid', message, place);
  if (isSecondUser) {
    const requestValue = shown(await valueAt(request.column.sql));
    return invalid(
      `row ${row}: ${subject} is ${shown(value)}, and an earlier row of request ${requestValue} has another: expected one user a request`,
    );
  }
  if (typeof value === 'string') {
    return invalid(`row ${row}: ${subject} is ${shown(value)}: expected ${expectedValue(wanted)}`);
  }
  const nulls = Number(await ask(`SELECT count(*) FROM ${table.sql} WHERE ${column.sql} IS NULL`));
  const rows = nulls === 1 ? '1 row' : `${nulls} rows`;
  const policy = role === 'score' ? ', or nullScores: drop' : '';
  return invalid(`${subject} is null in ${rows}, first in row ${row}: expected ${EXPECTED[role]}${policy}`);
}

function shown(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text);
}

function expectedValue(wanted: WantedColumn | WantedLabel): string {
  const graded = 'maxGrade' in wanted && wanted.maxGrade > 1;
  if (wanted.role === 'timestamp' && wanted.column.type === 'text') {
    return `${EXPECTED.timestamp}, and of one kind in all rows`;
  }
  return graded ? `a whole number from 0 to ${wanted.maxGrade}, or empty` : EXPECTED[wanted.role];
}
