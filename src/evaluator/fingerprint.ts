import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openLogFile } from './log/log-file.ts';
import { fileSql, isRemote } from './log/remote-path.ts';
import { withDuckDb } from './log/with-duckdb.ts';

/**
 * What two studies on one log agree on, in hexadecimal: the SHA-256 of the bytes of its file; of several files, the SHA-256
 * of theirs, in order, a line each. `httpfs` is the file of the extension that s3:// paths take.
 */
export async function fingerprint(files: readonly string[], httpfs?: string): Promise<string> {
  const sums: string[] = [];
  for (const file of files) sums.push(await sha256(file, httpfs));
  if (sums.length === 1) return sums[0]!;
  return createHash('sha256').update(sums.join('\n')).digest('hex');
}

async function sha256(path: string, httpfs?: string): Promise<string> {
  if (isRemote(path))
    return withDuckDb([path], async (connection) => sha256ByDuckDb(connection, path), { httpfs });
  await openLogFile(path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The same sum of a file that DuckDB alone can read. */
export async function sha256ByDuckDb(connection: DuckDBConnection, path: string): Promise<string> {
  const sum = await connection.runAndReadAll(`SELECT sha256(content) FROM read_blob(${fileSql(path)})`);
  return String(sum.getRows()[0]![0]);
}
