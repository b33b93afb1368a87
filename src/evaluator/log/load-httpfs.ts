import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import { quoteString } from './sql-text.ts';

/** The environment variable that names the file of DuckDB's extension `httpfs`. */
const HTTPFS = 'PONDERA_HTTPFS';

/**
 * Lets a connection read s3:// paths, with the credentials and the region of the environment (AWS_ACCESS_KEY_ID, …).
 *
 * Neither DuckDB's library nor pondera holds the extension that it takes, and nothing is fetched unasked: the user names its
 * file. Throws `log_unreadable` where there is none, or it is not of this version of DuckDB.
 */
export async function loadHttpfs(connection: DuckDBConnection, path: string): Promise<void> {
  const file = process.env[HTTPFS] ?? '';
  const version = String((await connection.runAndReadAll('SELECT version()')).getRows()[0]![0]);
  const expected = `the file of DuckDB's extension httpfs (${version}) in ${HTTPFS}, or a local copy of the log`;
  if (file === '') {
    throw new DomainError('log_unreadable', `reading from s3:// takes an extension: expected ${expected}`, {
      file: path,
    });
  }
  try {
    await connection.run(`LOAD ${quoteString(file)}`);
  } catch {
    throw new DomainError('log_unreadable', `${HTTPFS}=${file} cannot be loaded: expected ${expected}`, {
      file: path,
    });
  }
}
