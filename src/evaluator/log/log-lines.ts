import { createReadStream } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { LogFile } from './log-file.ts';

const NEVER_SPLIT_CRLF_MS = Infinity;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The lines of a text log that is not compressed with zstd, which Node 20 does not read, for its header and for messages: rows
 * are read by DuckDB.
 */
export async function* logLines({ path, compression }: LogFile): AsyncGenerator<string> {
  const file = createReadStream(path);
  const text = compression === 'gzip' ? file.pipe(createGunzip()) : file;
  const lines: Interface = createInterface({ input: text, crlfDelay: NEVER_SPLIT_CRLF_MS });
  try {
    let first = true;
    for await (const line of lines) {
      yield first && line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
      first = false;
    }
  } finally {
    lines.close();
    file.destroy();
  }
}

/**
 * The line on which a row (counted from 1) of a CSV or NDJSON log stands, or undefined where that is not exact: in
 * Parquet, in zstd data, and in CSV after a quoted value, which may hold line breaks.
 */
export async function lineOfRow(file: LogFile, row: number): Promise<number | undefined> {
  if (file.format === 'parquet' || file.compression === 'zstd') return undefined;
  let recordsLeft = file.format === 'csv' ? row + 1 : row;
  let line = 0;
  for await (const text of logLines(file)) {
    line++;
    if (file.format === 'csv' && text.includes('"')) return undefined;
    if (text.trim() !== '') recordsLeft--;
    if (recordsLeft === 0) return line;
  }
  return undefined;
}

/** The lines of the first rows of a log, as `lineOfRow` gives them; as many as are exact. */
export async function linesOfRows(file: LogFile, rows: number): Promise<readonly number[]> {
  if (file.format === 'parquet' || file.compression === 'zstd') return [];
  const lines: number[] = [];
  let isHeader = file.format === 'csv';
  let line = 0;
  for await (const text of logLines(file)) {
    line++;
    if (lines.length === rows || (file.format === 'csv' && text.includes('"'))) break;
    if (text.trim() === '') continue;
    if (!isHeader) lines.push(line);
    isHeader = false;
  }
  return lines;
}

/** The first line of an NDJSON log that is not a JSON object, counted from 1; undefined in zstd data. */
export async function lineWithoutObject(file: LogFile): Promise<number | undefined> {
  if (file.compression === 'zstd') return undefined;
  let line = 0;
  for await (const text of logLines(file)) {
    line++;
    if (text.trim() !== '' && !isJsonObject(text)) return line;
  }
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
