import type { DuckDBConnection } from '@duckdb/node-api';
import { readError } from './duckdb-error.ts';
import type { LogSourceFile } from './log-source-files.ts';

/** Whether the times of text columns are numbers: the first value of the log says so for all. */
export async function hasNumericTimestamps(
  connection: DuckDBConnection,
  files: readonly LogSourceFile[],
): Promise<boolean> {
  for (const { table, wanted } of files) {
    const column = wanted.timestamp?.column;
    if (column?.type !== 'text') continue;
    const first =
      `SELECT TRY_CAST(${column.sql} AS DOUBLE) IS NOT NULL FROM ${table.sql} ` +
      `WHERE ${column.sql} IS NOT NULL LIMIT 1`;
    try {
      const [row] = (await connection.runAndReadAll(first)).getRows();
      if (row !== undefined) return row[0] === true;
    } catch (error) {
      throw await readError(error, table.file);
    }
  }
  return false;
}
