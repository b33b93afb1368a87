import { DomainError } from '../../domain/errors.ts';
import type { LogFile, LogFormat } from './log-file.ts';
import { lineWithoutObject } from './log-lines.ts';

const MESSAGE_LENGTH = 160;

/** Bytes of a line of CSV that DuckDB takes. */
export const LONGEST_LINE = 2_000_000;

/** Characters of a line that it shows. Of one that fills several of its buffers it counts the values wrongly. */
const SHOWN_OF_LINE = 10_000;

/** What DuckDB says about a file that it cannot read, as one line that tells where. */
export async function readError(error: unknown, file: LogFile): Promise<DomainError> {
  const ofRoom = roomError(error);
  if (ofRoom !== undefined) return ofRoom.at({ file: file.path });
  return READ_ERROR[file.format](error instanceof Error ? error.message : String(error), file);
}

/** What DuckDB begins such errors with; words of a file or of its reader come later in others. */
const DISK_FULL = /^(Error: )?IO Error: [^\n]*: (No space left on device|Disk quota exceeded)/i;
const MEMORY_FULL = /^(Error: )?(Out of Memory Error|([A-Z][A-Za-z ]* Error: )?std::bad_alloc)/i;

/** What there was too little of for DuckDB, memory with what it may keep on disk, or disk; undefined where an error is another. */
export function roomError(error: unknown): DomainError | undefined {
  if (!(error instanceof Error) || error instanceof DomainError) return undefined;
  if (DISK_FULL.test(error.message)) {
    const detail = 'the disk is full where it is kept while it is read: expected room, or less of it';
    return new DomainError('disk_full', detail);
  }
  if (!MEMORY_FULL.test(error.message)) return undefined;
  const detail =
    'reading it takes more memory, and room on disk, than it may: expected fewer rows or columns';
  return new DomainError('log_unreadable', detail);
}

const READ_ERROR: Readonly<
  Record<LogFormat, (text: string, file: LogFile) => DomainError | Promise<DomainError>>
> = {
  csv: csvError,
  ndjson: ndjsonError,
  parquet: (text, file) => unreadable(file, parquetMessage(text)),
};

function csvError(text: string, file: LogFile): DomainError {
  const line = /CSV Error on Line: ([0-9]+)/.exec(text)?.[1];
  const place = line === undefined ? {} : { line: Number(line) };
  const counts = /Expected Number of Columns: ([0-9]+) Found: ([0-9]+)/.exec(text);
  if (text.includes('Maximum line size'))
    return unreadable(file, 'the line is too long: expected at most 2 MB, or Parquet', place);
  if (counts !== null && text.length > SHOWN_OF_LINE) {
    return unreadable(
      file,
      `the line is too long, or has not ${counts[1]} values as the header: expected at most 2 MB, or Parquet`,
      place,
    );
  }
  if (counts !== null) {
    return unreadable(
      file,
      `the row has ${counts[2]} values: expected ${counts[1]}, as in the header`,
      place,
    );
  }
  if (text.includes('unterminated quote'))
    return unreadable(file, 'a quoted value is never closed: expected "', place);
  if (/not utf-8|unicode/i.test(text))
    return unreadable(file, 'the text is not UTF-8: expected UTF-8', place);
  return unreadable(file, `cannot be read as CSV: ${firstSentence(text)}`, place);
}

async function ndjsonError(text: string, file: LogFile): Promise<DomainError> {
  const line = await lineWithoutObject(file);
  if (line === undefined) return unreadable(file, `cannot be read as NDJSON: ${firstSentence(text)}`);
  return unreadable(file, 'the line is not a JSON object: expected one object a line', { line });
}

function parquetMessage(text: string): string {
  if (/No magic bytes|too small to be a Parquet/i.test(text)) {
    return 'is not a whole Parquet file (its end is missing): truncated, or of another kind';
  }
  return `the Parquet file is damaged: ${firstSentence(text)}`;
}

function unreadable(file: LogFile, message: string, place: { line?: number } = {}): DomainError {
  return new DomainError('log_unreadable', message, { file: file.path, ...place });
}

/** The first line without the kind of error and without paths, which are DuckDB's and not the user's. */
function firstSentence(text: string): string {
  const [line = ''] = text.split('\n');
  const plain = line
    .replace(/^([A-Z][A-Za-z ]* )?Error: /, '')
    .replace(/^Failed to read file "[^"]*": /, '')
    .replaceAll(/["'][^"']*\/[^"']*["']/g, 'the file');
  return plain.slice(0, MESSAGE_LENGTH).trim();
}
