import { open, stat } from 'node:fs/promises';
import { DomainError } from '../../domain/errors.ts';
import { isRemote } from './remote-path.ts';

export type LogFormat = 'parquet' | 'csv' | 'ndjson';

/** What a file is read for, as messages call it and its rows. */
export interface FileContents {
  readonly name: string;
  readonly rows: string;
}

export const LOG: FileContents = { name: 'log', rows: 'impressions' };

export interface LogFile {
  /** As the user gave it; messages show no other path. */
  readonly path: string;
  readonly format: LogFormat;
  readonly compression: Compression;
  readonly contents: FileContents;
}

/** As DuckDB calls them. */
export type Compression = 'uncompressed' | 'gzip' | 'zstd';

const FORMATS: readonly (readonly [suffix: string, format: LogFormat, compression: Compression])[] = [
  ['.parquet', 'parquet', 'uncompressed'],
  ['.csv', 'csv', 'uncompressed'],
  ['.csv.gz', 'csv', 'gzip'],
  ['.csv.zst', 'csv', 'zstd'],
  ['.ndjson', 'ndjson', 'uncompressed'],
  ['.ndjson.gz', 'ndjson', 'gzip'],
  ['.ndjson.zst', 'ndjson', 'zstd'],
  ['.jsonl', 'ndjson', 'uncompressed'],
  ['.jsonl.gz', 'ndjson', 'gzip'],
  ['.jsonl.zst', 'ndjson', 'zstd'],
];

/** Makes sure that a log is a file with bytes in it, and tells its format by its name. Throws `log_unreadable`. */
export async function openLogFile(path: string, contents = LOG): Promise<LogFile> {
  const unreadable = (message: string): DomainError =>
    new DomainError('log_unreadable', message, { file: path });
  if (isRemote(path)) {
    if (path.toLowerCase().endsWith('.parquet'))
      return { path, format: 'parquet', compression: 'uncompressed', contents };
    throw unreadable(
      'is not read from s3://: expected Parquet, a name that ends in .parquet, or a local copy',
    );
  }
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw unreadable(`no such file: expected the ${contents.name}`);
    throw unreadable(`cannot be opened (${error.code ?? error.name}): expected a readable ${contents.name}`);
  });
  if (!stats.isFile())
    throw unreadable(`is not a file: expected ${contents.name} files, or a pattern such as folder/*.parquet`);
  const known = FORMATS.find(([suffix]) => path.toLowerCase().endsWith(suffix));
  if (known === undefined) {
    throw unreadable(
      `unknown kind of ${contents.name}: expected a name that ends in ${FORMATS.map(([suffix]) => suffix).join(', ')}`,
    );
  }
  if (stats.size === 0) throw unreadable(`is empty (0 bytes): expected ${contents.rows}`);
  const [, format, compression] = known;
  const found = await packedAs(path);
  if (compression === 'uncompressed' && found !== undefined) {
    const suffix = SUFFIX[found];
    throw unreadable(
      `is ${found} data: expected a name that says so, and ends in .csv${suffix} or .ndjson${suffix}`,
    );
  }
  return { path, format, compression, contents };
}

type Packed = Exclude<Compression, 'uncompressed'>;

const SUFFIX: Readonly<Record<Packed, string>> = { gzip: '.gz', zstd: '.zst' };

/** Neither text nor Parquet starts with these bytes. Source: RFC 1952, 2.3.1; RFC 8878, 3.1.1. */
const MAGIC: readonly (readonly [Packed, Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

const MAGIC_BYTES = 4;

/** As what a file is packed, by its first bytes; undefined where it is not, or cannot be read. */
export async function packedAs(path: string): Promise<Packed | undefined> {
  const file = await open(path).catch(() => undefined);
  // One that cannot be read is told by who reads it.
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    const start = buffer.subarray(0, bytesRead);
    return MAGIC.find(([, magic]) => start.subarray(0, magic.length).equals(magic))?.[0];
  } finally {
    await file.close();
  }
}
