import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadHttpfs } from './load-httpfs.ts';
import { isRemote } from './remote-path.ts';

/** Extensions are never looked for on the network: those that read logs are built in. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

export interface DuckDbOptions {
  /** What DuckDB may take; left out, what it takes by itself. */
  readonly memoryBytes?: number;
  /** The file of the extension that s3:// paths take. */
  readonly httpfs?: string | undefined;
}

/** A connection to a database in memory that must be closed. */
export interface OpenDuckDb {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Opens a database in memory that can read these files, whose times are UTC; within a memory it keeps nothing on disk either. */
export async function openDuckDb(
  files: readonly string[],
  { memoryBytes, httpfs }: DuckDbOptions = {},
): Promise<OpenDuckDb> {
  const within = memoryBytes !== undefined && {
    memory_limit: `${Math.floor(memoryBytes / 1e6)}MB`,
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
    if (remote !== undefined) await loadHttpfs(connection, remote, httpfs);
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
  httpfs?: string,
): Promise<T> {
  const { connection, close } = await openDuckDb(files, { httpfs });
  try {
    return await use(connection);
  } finally {
    close();
  }
}
