import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { LONGEST_LINE, readError } from './duckdb-error.ts';
import type { LogTable } from './log-table.ts';

/**
 * Makes sure that no line of a CSV file is longer than DuckDB takes.
 *
 * Where several threads may read, DuckDB (1.5) leaves out such a line without a word if it fills one of their buffers, as the last line
 * of a file may. One thread refuses each, but reads a quote that is never closed as the end of the file, which several refuse: so the file
 * is read once by one thread for its lines alone, and then for its rows. Throws `log_unreadable`.
 */
export async function refuseLongLines(
  connection: DuckDBConnection,
  { file, lines }: LogTable,
): Promise<void> {
  if (lines === undefined) return;
  if (file.compression === 'uncompressed' && (await stat(file.path)).size <= LONGEST_LINE) return;
  try {
    await connection.run(`SELECT count(*) FROM ${lines}`);
  } catch (error) {
    throw await readError(error, file);
  }
}
