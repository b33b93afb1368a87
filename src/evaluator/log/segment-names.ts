import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import { readError } from './duckdb-error.ts';
import type { WantedColumn } from './log-columns.ts';
import type { LogTable } from './log-table.ts';

/** Codes of segments are 8-bit integers. */
const MOST_SEGMENTS = 100;

/** The values of the segment column, in order. Throws `log_invalid` for more than 100 of them. */
export async function segmentNames(
  connection: DuckDBConnection,
  { file, sql }: LogTable,
  { column, purpose }: WantedColumn,
): Promise<readonly string[]> {
  const names = await distinctNames(
    connection,
    `SELECT DISTINCT CAST(${column.sql} AS VARCHAR) AS name FROM ${sql} ` +
      `WHERE ${column.sql} IS NOT NULL ORDER BY name LIMIT ${MOST_SEGMENTS + 1}`,
  ).catch(async (error: unknown) => {
    throw await readError(error, file);
  });
  if (names.length > MOST_SEGMENTS) {
    throw new DomainError(
      'log_invalid',
      `column "${column.name}" (${purpose}) has more than ${MOST_SEGMENTS} values: expected the names of segments`,
      { file: file.path },
    );
  }
  return names;
}

async function distinctNames(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const rows = (await connection.runAndReadAll(sql)).getRows();
  return rows.map(([name]) => String(name));
}
