import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { readError } from './duckdb-error.ts';
import type { LogFile } from './log-file.ts';
import type { LogTable } from './log-table.ts';
import { fileSql } from './remote-path.ts';

const READ_BYTES = 1 << 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * How many rows a file has at most, told before they are read: by the metadata of Parquet, by the line ends of a text, by
 * counting the rows of zstd data.
 */
export async function rowBound(connection: DuckDBConnection, table: LogTable): Promise<number> {
  const { file } = table;
  if (file.format !== 'parquet' && file.compression !== 'zstd') return (await lineEnds(file)) + 1;
  const count =
    file.format === 'parquet'
      ? `SELECT num_rows FROM parquet_file_metadata(${fileSql(file.path)})`
      : `SELECT count(*) FROM ${table.sql}`;
  try {
    return Number((await connection.runAndReadAll(count)).getRows()[0]![0]);
  } catch (error) {
    throw await readError(error, file);
  }
}

/** Line feeds, or carriage returns where there are more of them: old texts end lines with these alone. */
async function lineEnds({ path, compression }: LogFile): Promise<number> {
  let feeds = 0;
  let returns = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (let i = 0; i < chunk.length; i++) {
        if (chunk[i] === LINE_FEED) feeds++;
        else if (chunk[i] === CARRIAGE_RETURN) returns++;
      }
      done();
    },
  });
  const source = createReadStream(path, { highWaterMark: READ_BYTES });
  await (compression === 'gzip'
    ? pipeline(source, createGunzip({ chunkSize: READ_BYTES }), count)
    : pipeline(source, count));
  return Math.max(feeds, returns);
}
