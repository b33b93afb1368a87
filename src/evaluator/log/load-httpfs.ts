import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import { quoteString } from './sql-text.ts';

/** The environment variable that commands take the file of DuckDB's extension `httpfs` from. */
const HTTPFS = 'PONDERA_HTTPFS';

/**
 * Lets a connection read s3:// paths by DuckDB's extension httpfs in `file`, with the credentials and the region that the extension
 * finds in the environment (AWS_ACCESS_KEY_ID, …).
 *
 * Neither DuckDB's library nor pondera holds the extension that it takes, and nothing is fetched unasked: the user names its
 * file. Throws `log_unreadable` where there is none, or it is not of this version of DuckDB.
 */
export async function loadHttpfs(
  connection: DuckDBConnection,
  path: string,
  file: string | undefined,
): Promise<void> {
  const version = String((await connection.runAndReadAll('SELECT version()')).getRows()[0]![0]);
  const expected = `the file of DuckDB's extension httpfs (${version}) in ${HTTPFS}, or a local copy of the log`;
  if (file === undefined) {
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
