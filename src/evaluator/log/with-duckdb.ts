import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadHttpfs } from './load-httpfs.ts';
import { isRemote } from './remote-path.ts';
import { escapePattern, quoteString } from './sql-text.ts';

/** Extensions are never looked for on the network: those that read logs are built in. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/** What a database may take that reads files which a stranger has sent: it opens no other file, and no connection. */
export interface DuckDbBounds {
  readonly memoryBytes: number;
  /** Where it keeps what memory does not hold, and how much. */
  readonly spillFolder: string;
  readonly spillBytes: number;
  readonly threads: number;
}

export interface DuckDbOptions {
  /** What DuckDB may take; left out, what it takes by itself. */
  readonly memoryBytes?: number;
  /** Instead of `memoryBytes`. */
  readonly bounds?: DuckDbBounds | undefined;
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
  { memoryBytes, bounds, httpfs }: DuckDbOptions = {},
): Promise<OpenDuckDb> {
  const within =
    bounds === undefined
      ? memoryBytes !== undefined && { memory_limit: amount(memoryBytes), temp_directory: '' }
      : {
          memory_limit: amount(bounds.memoryBytes),
          temp_directory: bounds.spillFolder,
          threads: String(bounds.threads),
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
    if (bounds !== undefined) await closeOff(connection, files, bounds);
    return { connection, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Bounds what it keeps on disk, and lets it open these files alone, for good. They are opened by the pattern that matches each. */
async function closeOff(
  connection: DuckDBConnection,
  files: readonly string[],
  { spillBytes }: DuckDbBounds,
): Promise<void> {
  // Told when it is opened, DuckDB shows this bound and does not keep it (1.5).
  await connection.run(`SET max_temp_directory_size = '${amount(spillBytes)}'`);
  const paths = files.map((path) => resolve(path)).flatMap((path) => [path, escapePattern(path)]);
  await connection.run(`SET allowed_paths = [${[...new Set(paths)].map(quoteString).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/** In DuckDB's form; none at all would stand for no bound. */
function amount(bytes: number): string {
  return `${Math.max(1, Math.floor(bytes / 1000))}KB`;
}

/** Runs `use` with a database in memory that can read these files, and closes it. */
export async function withDuckDb<T>(
  files: readonly string[],
  use: (connection: DuckDBConnection) => Promise<T>,
  options: DuckDbOptions = {},
): Promise<T> {
  const { connection, close } = await openDuckDb(files, options);
  try {
    return await use(connection);
  } finally {
    close();
  }
}
