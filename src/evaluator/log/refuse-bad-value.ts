import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogSource } from '../../domain/log.ts';
import { badValueError } from './bad-value.ts';
import { chunkColumns } from './chunk-columns.ts';
import { firstBadValue } from './first-bad-value.ts';
import { type ColumnForms, logStatement } from './log-statement.ts';
import type { LogSourceFile } from './log-source-files.ts';

/** Streams a file that is known to hold a bad value up to the first, and throws it as `log_invalid`. */
export async function refuseBadValue(
  connection: DuckDBConnection,
  { table, wanted }: LogSourceFile,
  forms: ColumnForms,
  nullScores: LogSource['nullScores'],
): Promise<never> {
  const statement = logStatement(table, wanted, forms);
  const result = await connection.stream(statement.sql);
  for (let read = 0; ;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) throw new Error('the log changed while it was read');
    const columns = chunkColumns(chunk, statement, wanted);
    const bad = firstBadValue(columns, wanted, nullScores === 'drop', read);
    if (bad !== undefined) throw await badValueError(connection, table, bad, wanted.request);
    read += columns.rows;
  }
}
