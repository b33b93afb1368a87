import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteString } from '../log/sql-text.ts';
import type { LogTable } from '../log/log-table.ts';
import { type ReadoutColumn, valueError } from './readout-column.ts';
import type { UserReadoutRequest } from './user-readout-request.ts';
import { type UserColumns, USERS } from './user-columns.ts';

/** Sums of squares of 1e11 such numbers are still numbers that a readout may have. */
const LARGEST_VALUE = 1e40;

interface Check {
  readonly of: ReadoutColumn;
  /** SQL that holds of a row with a bad value. */
  readonly bad: string;
  readonly expected: string;
}

/**
 * Refuses the first row from `before` on with a value that is not what it should be. Returns how many numbers were empty, which
 * are 0 from here on.
 *
 * A count of a propensity is 0 or a positive whole number. Throws `readout_invalid`.
 */
export async function refuseBadRow(
  connection: DuckDBConnection,
  table: LogTable,
  { arm, unit, numbers }: UserColumns,
  before: number,
  { arms, nulls }: UserReadoutRequest,
): Promise<number> {
  const zero = nulls === 'zero' ? '' : ', or the readout with empty values taken for 0 (--empty-is-zero)';
  const checks: readonly Check[] = [
    { of: arm, bad: 'arm IS NULL', expected: 'the name of an arm' },
    ...(arms === undefined
      ? []
      : [
          {
            of: arm,
            bad: `NOT list_contains([${arms.map(quoteString).join(', ')}]::VARCHAR[], arm)`,
            expected: `one of ${arms.join(', ')}`,
          },
        ]),
    ...(unit === undefined ? [] : [{ of: unit, bad: 'unit IS NULL', expected: 'who the row is of' }]),
    ...numbers.flatMap((of, i): Check[] => {
      const what = of.isCount ? '0, 1 or another count' : `a number, up to ${LARGEST_VALUE} in size`;
      const notCount = of.isCount ? ` OR n${i} < 0 OR n${i} <> floor(n${i})` : '';
      return [
        ...(nulls === 'zero' ? [] : [{ of, bad: `isnan(n${i})`, expected: `${what}${zero}` }]),
        {
          of,
          bad: `NOT isnan(n${i}) AND (abs(n${i}) > ${LARGEST_VALUE}${notCount})`,
          expected: what,
        },
      ];
    }),
  ];
  const columns = checks.map(({ bad }) => `min(rowid) FILTER (WHERE ${bad})`);
  const [row] = (
    await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM ${USERS} WHERE rowid >= ${before}`)
  ).getRows();
  let first: { readonly at: number; readonly check: Check } | undefined;
  row!.forEach((value, i) => {
    if (value === null) return;
    const at = Number(value);
    if (first === undefined || at < first.at) first = { at, check: checks[i]! };
  });
  if (first !== undefined) {
    const { at, check } = first as { readonly at: number; readonly check: Check };
    const asked = `SELECT CAST(${check.of.column.sql} AS VARCHAR) FROM ${table.sql} LIMIT 1 OFFSET ${at - before}`;
    const value: unknown = (await connection.runAndReadAll(asked)).getRows()[0]?.[0];
    throw await valueError(table, at - before + 1, check.of, value, check.expected);
  }
  let empty = 0;
  for (const i of numbers.keys()) {
    const where = `WHERE rowid >= ${before} AND isnan(n${i})`;
    const found = await connection.runAndReadAll(`SELECT count(*) FROM ${USERS} ${where}`);
    const count = Number(found.getRows()[0]![0]);
    if (count > 0) await connection.run(`UPDATE ${USERS} SET n${i} = 0 ${where}`);
    empty += count;
  }
  return empty;
}
