import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadHttpfs } from './load-httpfs.ts';
import { isRemote } from './remote-path.ts';

/** Extensions are never looked for on the network: those that read logs are built in. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/** Runs `use` with a database in memory that can read these files, whose times are UTC, and closes it. */
export async function withDuckDb<T>(
  files: readonly string[],
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', OFFLINE);
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      const remote = files.find(isRemote);
      if (remote !== undefined) await loadHttpfs(connection, remote);
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
