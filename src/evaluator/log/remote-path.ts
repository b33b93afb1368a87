import { resolve } from 'node:path';
import { quotePath, quoteString } from './sql-text.ts';

/** Whether a path is of an object store: read over the network, and by that name only. */
export function isRemote(path: string): boolean {
  return path.startsWith('s3://');
}

/** The name of one file for DuckDB; a local one may hold any character. */
export function fileSql(path: string): string {
  return isRemote(path) ? quoteString(path) : quotePath(resolve(path));
}
