import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import { readError } from './duckdb-error.ts';
import type { LogSourceFile } from './log-source-files.ts';

/** Codes of segments are 8-bit integers. */
const MOST_SEGMENTS = 100;

/** The values of the segment column in all files, in order. Throws `log_invalid` for more than 100 of them. */
export async function segmentNames(
  connection: DuckDBConnection,
  files: readonly LogSourceFile[],
): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { table, wanted } of files) {
    if (wanted.segment === undefined) continue;
    const { column, purpose } = wanted.segment;
    const found = await distinctNames(
      connection,
      `SELECT DISTINCT CAST(${column.sql} AS VARCHAR) AS name FROM ${table.sql} ` +
        `WHERE ${column.sql} IS NOT NULL LIMIT ${MOST_SEGMENTS + 1}`,
    ).catch(async (error: unknown) => {
      throw await readError(error, table.file);
    });
    for (const name of found) names.add(name);
    if (names.size > MOST_SEGMENTS) {
      throw new DomainError(
        'log_invalid',
        `column "${column.name}" (${purpose}) has more than ${MOST_SEGMENTS} values: expected the names of segments`,
        { file: table.file.path },
      );
    }
  }
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function distinctNames(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const rows = (await connection.runAndReadAll(sql)).getRows();
  return rows.map(([name]) => String(name));
}
