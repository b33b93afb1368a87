import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import { readError } from './duckdb-error.ts';
import type { LogFile } from './log-file.ts';
import { logLines } from './log-lines.ts';
import { fileSql } from './remote-path.ts';
import { quoteIdentifier } from './sql-text.ts';

/** What a column holds, as far as reading it goes. */
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'other';

export interface LogColumn {
  readonly name: string;
  /** How the column is called in SQL. */
  readonly sql: string;
  readonly type: ColumnType;
  /** DuckDB's name of the type, for messages. */
  readonly declared: string;
}

/** A log as DuckDB sees it: `SELECT … FROM <sql>` gives its rows in the order of the file. */
export interface LogTable {
  readonly file: LogFile;
  readonly columns: readonly LogColumn[];
  readonly sql: string;
  /** The same of CSV, by one thread: it refuses lines that are too long, see `refuseLongLines`. */
  readonly lines?: string;
}

/**
 * Finds the columns of a log. CSV and NDJSON are read as text, so that a value which is not what it should be
 * is found and shown as it stands in the file, wherever it is. `wanted` columns of NDJSON, or `all`, are looked for in the whole
 * file.
 *
 * Throws `log_unreadable`.
 */
export async function openLogTable(
  connection: DuckDBConnection,
  file: LogFile,
  wanted: readonly string[] | 'all',
): Promise<LogTable> {
  if (file.format === 'csv') return csvTable(connection, file);
  return file.format === 'parquet' ? parquetTable(connection, file) : ndjsonTable(connection, file, wanted);
}

async function parquetTable(connection: DuckDBConnection, file: LogFile): Promise<LogTable> {
  const sql = `read_parquet(${fileSql(file.path)}, hive_partitioning = false)`;
  return { file, sql, columns: await describeColumns(connection, file, sql) };
}

async function csvTable(connection: DuckDBConnection, file: LogFile): Promise<LogTable> {
  const header = await firstLine(connection, file);
  if (NO_TEXT.test(header)) {
    const found = 'is no CSV in UTF-8, by the bytes of its first line: expected text';
    throw new DomainError('log_unreadable', found, { file: file.path });
  }
  const names = splitHeader(header);
  checkSeparator(names, file);
  const columns = names.map((name, i) => ({
    name,
    sql: `c${i}`,
    type: 'text' as const,
    declared: 'VARCHAR',
  }));
  const struct = columns.map(({ sql }) => `${sql}: 'VARCHAR'`).join(', ');
  const options = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = false`;
  const read = `read_csv(${fileSql(file.path)}, ${options}, ${compression(file)}, columns = {${struct}}`;
  return { file, sql: `${read})`, lines: `${read}, parallel = false)`, columns };
}

async function firstLine(connection: DuckDBConnection, file: LogFile): Promise<string> {
  if (file.compression === 'zstd') {
    const line = await firstZstdLine(connection, file);
    if (line !== undefined) return line;
  } else {
    for await (const line of logLines(file)) {
      if (line.trim() !== '') return line;
    }
  }
  throw new DomainError('log_unreadable', `holds only blank lines: expected ${file.contents.rows}`, {
    file: file.path,
  });
}

/** Control characters other than tabs, and what stands for bytes that are no UTF-8. */
// oxlint-disable-next-line no-control-regex
const NO_TEXT = /[\0-\x08\x0b-\x1f\x7f\ufffd]/;

/** A character that stands in no text: lines are values of one column. */
const NO_SEPARATOR = '\x01';

async function firstZstdLine(connection: DuckDBConnection, file: LogFile): Promise<string | undefined> {
  const options = `auto_detect = false, header = false, delim = '${NO_SEPARATOR}', quote = '', escape = '', ${compression(file)}`;
  const lines = `read_csv(${fileSql(file.path)}, ${options}, columns = {line: 'VARCHAR'})`;
  try {
    const first = `SELECT line FROM ${lines} WHERE trim(line) <> '' LIMIT 1`;
    const line = (await connection.runAndReadAll(first)).getRows()[0]?.[0];
    return line === undefined ? undefined : String(line);
  } catch (error) {
    throw await readError(error, file);
  }
}

/** The names in a CSV header, quoted or not, empty ones included: every column keeps its place. */
function splitHeader(line: string): string[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  const names: string[] = [];
  for (let separator = ','; separator === ',';) {
    const match = cell.exec(line);
    if (match === null) return [line];
    const [, quoted, plain = ''] = match;
    names.push(quoted?.replaceAll('""', '"') ?? plain);
    separator = match[3]!;
  }
  return names;
}

function checkSeparator(names: readonly string[], { path }: LogFile): void {
  const separator = names.length === 1 ? /[;\t|]/.exec(names[0]!)?.[0] : undefined;
  if (separator === undefined) return;
  const shown = separator === '\t' ? 'tabs' : `"${separator}"`;
  throw new DomainError('log_unreadable', `its header is separated by ${shown}: expected commas`, {
    file: path,
  });
}

async function ndjsonTable(
  connection: DuckDBConnection,
  file: LogFile,
  wanted: readonly string[] | 'all',
): Promise<LogTable> {
  await firstLine(connection, file);
  const path = fileSql(file.path);
  const options = `format = 'newline_delimited', hive_partitioning = false, ${compression(file)}`;
  const describe = async (sample: string): Promise<readonly LogColumn[]> =>
    describeColumns(connection, file, `read_json(${path}, ${options}, records = true${sample})`);
  const sampled = await describe('');
  const complete = wanted !== 'all' && wanted.every((name) => sampled.some((column) => column.name === name));
  const found = complete ? sampled : await describe(', sample_size = -1');
  const columns = found.map(({ name, sql }) => ({ name, sql, type: 'text' as const, declared: 'VARCHAR' }));
  const struct = columns.map(({ sql }) => `${sql}: 'VARCHAR'`).join(', ');
  return { file, columns, sql: `read_json(${path}, ${options}, auto_detect = false, columns = {${struct}})` };
}

function compression(file: LogFile): string {
  return `compression = '${file.compression}'`;
}

async function describeColumns(
  connection: DuckDBConnection,
  file: LogFile,
  sql: string,
): Promise<readonly LogColumn[]> {
  try {
    const result = await connection.runAndReadAll(`SELECT * FROM ${sql} LIMIT 0`);
    return result.columnNames().map((name, i) => {
      const declared = String(result.columnType(i));
      return { name, sql: quoteIdentifier(name), type: columnType(declared), declared };
    });
  } catch (error) {
    throw await readError(error, file);
  }
}

function columnType(declared: string): ColumnType {
  if (declared === 'VARCHAR') return 'text';
  if (declared === 'BOOLEAN') return 'boolean';
  if (/^U?(TINYINT|SMALLINT|INTEGER)$/.test(declared) || declared === 'BIGINT') return 'integer';
  if (/^(UBIGINT|U?HUGEINT|FLOAT|DOUBLE|DECIMAL.*)$/.test(declared)) return 'number';
  if (/^(DATE|TIMESTAMP.*)$/.test(declared)) return 'time';
  return 'other';
}
