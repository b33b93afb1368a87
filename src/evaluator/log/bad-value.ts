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
}

const EXPECTED: Readonly<Record<ColumnRole, string>> = {
  request: 'a request identifier',
  score: 'a number from 0 to 1',
  label: '0, 1 or empty',
  'baseline score': 'a finite number',
  weight: '0, or a number from 1e-100 to 1e100',
  examination: 'a number above 0, up to 1',
  segment: 'a name',
};

/** Products of two sums of weights neither vanish nor overflow. */
const LEAST_WEIGHT = 1e-100;
const LARGEST_WEIGHT = 1e100;

/** Whether a number cannot stand in a column of its role; a null is NaN, and can stand in none. */
export const IS_BAD_NUMBER: Readonly<Record<NumberRole, (value: number) => boolean>> = {
  'baseline score': (score) => !Number.isFinite(score),
  weight: (weight) => !(weight === 0 || (weight >= LEAST_WEIGHT && weight <= LARGEST_WEIGHT)),
  examination: (probability) => !(probability > 0 && probability <= 1),
};

const VALUE_LENGTH = 40;

/** Asks the log a second time, for the value as it stands there or for the number of nulls, and says it in one line. */
export async function badValueError(
  connection: DuckDBConnection,
  table: LogTable,
  { row, wanted }: BadValue,
): Promise<DomainError> {
  const { role, purpose, column } = wanted;
  const ask = async (sql: string): Promise<unknown> =>
    (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
  const value = await ask(
    `SELECT CAST(${column.sql} AS VARCHAR) FROM ${table.sql} LIMIT 1 OFFSET ${row - 1}`,
  );
  const line = await lineOfRow(table.file, row);
  const place = line === undefined ? { file: table.file.path } : { file: table.file.path, line };
  const subject = `column "${column.name}" (${purpose})`;
  const invalid = (message: string): DomainError => new DomainError('log_invalid', message, place);
  if (typeof value === 'string') {
    const found = value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value;
    return invalid(`row ${row}: ${subject} is ${JSON.stringify(found)}: expected ${expectedValue(wanted)}`);
  }
  const nulls = Number(await ask(`SELECT count(*) FROM ${table.sql} WHERE ${column.sql} IS NULL`));
  const rows = nulls === 1 ? '1 row' : `${nulls} rows`;
  const policy = role === 'score' ? ', or nullScores: drop' : '';
  return invalid(`${subject} is null in ${rows}, first in row ${row}: expected ${EXPECTED[role]}${policy}`);
}

function expectedValue(wanted: WantedColumn | WantedLabel): string {
  const graded = 'maxGrade' in wanted && wanted.maxGrade > 1;
  return graded ? `a whole number from 0 to ${wanted.maxGrade}, or empty` : EXPECTED[wanted.role];
}
