import { open, stat } from 'node:fs/promises';
import { DomainError } from '../../domain/errors.ts';

export type LogFormat = 'parquet' | 'csv' | 'ndjson';

export interface LogFile {
  /** As the user gave it; messages show no other path. */
  readonly path: string;
  readonly format: LogFormat;
  readonly gzip: boolean;
}

const FORMATS: readonly (readonly [suffix: string, format: LogFormat, gzip: boolean])[] = [
  ['.parquet', 'parquet', false],
  ['.csv', 'csv', false],
  ['.csv.gz', 'csv', true],
  ['.ndjson', 'ndjson', false],
  ['.ndjson.gz', 'ndjson', true],
  ['.jsonl', 'ndjson', false],
  ['.jsonl.gz', 'ndjson', true],
];

/** Makes sure that a log is a file with bytes in it, and tells its format by its name. Throws `log_unreadable`. */
export async function openLogFile(path: string): Promise<LogFile> {
  const unreadable = (message: string): DomainError =>
    new DomainError('log_unreadable', message, { file: path });
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw unreadable('no such file: expected the log');
    throw unreadable(`cannot be opened (${error.code ?? error.name}): expected a readable log`);
  });
  if (!stats.isFile()) throw unreadable('is not a file: expected one log file');
  const known = FORMATS.find(([suffix]) => path.toLowerCase().endsWith(suffix));
  if (known === undefined) {
    throw unreadable(
      `unknown kind of log: expected a name that ends in ${FORMATS.map(([suffix]) => suffix).join(', ')}`,
    );
  }
  if (stats.size === 0) throw unreadable('is empty (0 bytes): expected impressions');
  const [, format, gzip] = known;
  if (!gzip && (await startsAsGzip(path)))
    throw unreadable('is gzip data: expected a name that says so, and ends in .csv.gz or .ndjson.gz');
  return { path, format, gzip };
}

/** Neither text nor Parquet starts with these bytes. Source: RFC 1952, 2.3.1. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  // One that cannot be read is told by who reads it.
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
    return bytesRead === GZIP_MAGIC.length && buffer.equals(GZIP_MAGIC);
  } finally {
    await file.close();
  }
}
