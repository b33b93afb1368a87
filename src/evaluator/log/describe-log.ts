import type { DuckDBConnection } from '@duckdb/node-api';
import { wholeFile } from '../read-log.ts';
import { readError } from './duckdb-error.ts';
import { refuseLongLines } from './line-lengths.ts';
import { type LogColumn, type LogTable, openLogTable } from './log-table.ts';
import { fileSql } from './remote-path.ts';
import { withDuckDb } from './with-duckdb.ts';

/** What the files of a log hold, whatever it is read for. */
export interface LogDescription {
  readonly rows: number;
  /** Those that all files have, in the order of the first. */
  readonly columns: readonly LogColumn[];
}

/** Looks at the files of a log, not at the values in them. Throws `log_unreadable`. */
export async function describeLog(files: readonly string[]): Promise<LogDescription> {
  return withDuckDb(files, async (connection) => {
    let rows = 0;
    let columns: readonly LogColumn[] | undefined;
    for (const path of files) {
      const table = await openLogTable(connection, await wholeFile(path), 'all');
      await refuseLongLines(connection, table);
      rows += await countRows(connection, table);
      const names = new Set(table.columns.map(({ name }) => name));
      columns = columns?.filter(({ name }) => names.has(name)) ?? table.columns;
    }
    return { rows, columns: columns ?? [] };
  });
}

async function countRows(connection: DuckDBConnection, { file, sql }: LogTable): Promise<number> {
  const count =
    file.format === 'parquet'
      ? `SELECT num_rows FROM parquet_file_metadata(${fileSql(file.path)})`
      : `SELECT count(*) FROM ${sql}`;
  try {
    return Number((await connection.runAndReadAll(count)).getRows()[0]![0]);
  } catch (error) {
    throw await readError(error, file);
  }
}
