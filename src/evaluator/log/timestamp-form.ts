import type { DuckDBConnection } from '@duckdb/node-api';
import { readError } from './duckdb-error.ts';
import type { WantedColumn } from './log-columns.ts';
import type { LogTable } from './log-table.ts';

/** Whether the times of a text column are numbers: its first value says so for all. */
export async function hasNumericTimestamps(
  connection: DuckDBConnection,
  { file, sql }: LogTable,
  { column }: WantedColumn,
): Promise<boolean> {
  if (column.type !== 'text') return false;
  const first =
    `SELECT TRY_CAST(${column.sql} AS DOUBLE) IS NOT NULL FROM ${sql} ` +
    `WHERE ${column.sql} IS NOT NULL LIMIT 1`;
  try {
    return (await connection.runAndReadAll(first)).getRows()[0]?.[0] === true;
  } catch (error) {
    throw await readError(error, file);
  }
}
