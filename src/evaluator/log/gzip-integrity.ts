import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DomainError } from '../../domain/errors.ts';
import { packedAs } from './log-file.ts';

const READ_BYTES = 1 << 20;

/**
 * Makes sure that a gzip file is whole, by its checksum and length.
 *
 * DuckDB reads a truncated gzip file up to the cut without a word, so a log cut between two rows would lose the rest.
 * Throws `log_unreadable`.
 */
export async function checkGzip(path: string, rows: string): Promise<void> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  try {
    const source = createReadStream(path, { highWaterMark: READ_BYTES });
    await pipeline(source, createGunzip({ chunkSize: READ_BYTES }), count);
  } catch (error) {
    const found = describe(error as NodeJS.ErrnoException, (await packedAs(path)) === 'gzip');
    throw new DomainError('log_unreadable', found, { file: path });
  }
  if (bytes === 0) {
    throw new DomainError('log_unreadable', `is empty (0 bytes when decompressed): expected ${rows}`, {
      file: path,
    });
  }
}

function describe({ code, message }: NodeJS.ErrnoException, isGzip: boolean): string {
  if (code === 'Z_BUF_ERROR') return 'the gzip data is truncated: expected a whole file';
  if (message === 'incorrect header check' && isGzip)
    return 'the gzip data is followed by bytes that are none: expected nothing after it';
  if (message === 'incorrect header check')
    return 'is not gzip data: expected what the name says, a gzip file';
  return `the gzip data is damaged (${message}): expected a whole file`;
}
