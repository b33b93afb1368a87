import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadHttpfs } from './load-httpfs.ts';
import { isRemote } from './remote-path.ts';

/** Extensions are never looked for on the network: those that read logs are built in. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/** What DuckDB may take; left out, what it takes by itself. */
export interface DuckDbLimits {
  readonly memoryBytes: number;
}

/** A connection to a database in memory that must be closed. */
export interface OpenDuckDb {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Opens a database in memory that can read these files, whose times are UTC; within limits it keeps nothing on disk either. */
export async function openDuckDb(files: readonly string[], limits?: DuckDbLimits): Promise<OpenDuckDb> {
  const within = limits && {
    memory_limit: `${Math.floor(limits.memoryBytes / 1e6)}MB`,
    temp_directory: '',
  };
  const instance = await DuckDBInstance.create(':memory:', { ...OFFLINE, ...within });
  let connection: DuckDBConnection | undefined;
  const close = (): void => {
    connection?.closeSync();
    instance.closeSync();
  };
  try {
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    const remote = files.find(isRemote);
    if (remote !== undefined) await loadHttpfs(connection, remote);
    return { connection, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Runs `use` with a database in memory that can read these files, and closes it. */
export async function withDuckDb<T>(
  files: readonly string[],
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { connection, close } = await openDuckDb(files);
  try {
    return await use(connection);
  } finally {
    close();
  }
}
