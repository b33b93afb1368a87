import { DomainError } from '../../domain/errors.ts';
import { readError } from '../log/duckdb-error.ts';
import { refuseLongLines } from '../log/line-lengths.ts';
import { linesOfRows } from '../log/log-lines.ts';
import { type LogTable, openLogTable } from '../log/log-table.ts';
import { type DuckDbOptions, withDuckDb } from '../log/with-duckdb.ts';
import { ofReadout, openReadoutFiles } from './readout-file.ts';
import { findReadoutColumn, shownValue } from './readout-column.ts';

/** How a file is opened. */
export type ReadoutOptions = Pick<DuckDbOptions, 'httpfs' | 'bounds'>;

/** 100 arms of 100 metrics. */
const MOST_ROWS = 10_000;

const NEEDED = ['arm', 'metric'] as const;

/** One row of a file; a value that is empty or has no column is undefined. */
export interface ArmRow {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  whole(name: string): number | undefined;
  /** An error of this row. */
  error(message: string): DomainError;
}

/** Whether a file holds rows of arms and metrics, as against rows of users, by its columns. Throws `readout_invalid`. */
export async function isOfArms(path: string, options: ReadoutOptions = {}): Promise<boolean> {
  const [file] = await openReadoutFiles(path, options.httpfs);
  return ofReadout(async () =>
    withDuckDb(
      [path],
      async (connection) => {
        const { columns } = await openLogTable(connection, file!, NEEDED);
        const names = new Set(columns.map(({ name }) => name));
        return names.has('metric') && ['mean', 'lift', 'sum'].some((name) => names.has(name));
      },
      { httpfs: options.httpfs, bounds: options.bounds },
    ),
  );
}

/** All rows of one file with the columns `arm` and `metric`. Throws `readout_invalid`. */
export async function readArmRows(path: string, options: ReadoutOptions = {}): Promise<readonly ArmRow[]> {
  const [file, another] = await openReadoutFiles(path, options.httpfs);
  if (another !== undefined) {
    throw new DomainError('readout_invalid', 'is several files: expected one of rows of arms', {
      file: path,
    });
  }
  return ofReadout(async () =>
    withDuckDb(
      [file!.path],
      async (connection) => {
        const table = await openLogTable(connection, file!, NEEDED);
        for (const name of NEEDED) findReadoutColumn(table, name, name);
        await refuseLongLines(connection, table);
        const names = table.columns.map(({ name }) => name);
        const texts = table.columns.map(({ sql }) => `CAST(${sql} AS VARCHAR)`).join(', ');
        try {
          const query = `SELECT ${texts} FROM ${table.sql} LIMIT ${MOST_ROWS + 1}`;
          const rows = (await connection.runAndReadAll(query)).getRows();
          if (rows.length === 0)
            throw tableError(table, 'has no rows below its header: expected one an arm and metric');
          if (rows.length > MOST_ROWS) {
            throw tableError(table, `has more than ${MOST_ROWS} rows: expected one an arm and metric`);
          }
          const lines = await linesOfRows(file!, rows.length);
          return rows.map((values, i) => armRow(table, names, values, i + 1, lines[i]));
        } catch (error) {
          throw error instanceof DomainError ? error : await readError(error, file!);
        }
      },
      { httpfs: options.httpfs, bounds: options.bounds },
    ),
  );
}

function armRow(
  table: LogTable,
  names: readonly string[],
  values: readonly unknown[],
  row: number,
  line: number | undefined,
): ArmRow {
  const error = (message: string): DomainError =>
    new DomainError('readout_invalid', `row ${row} ${message}`, {
      file: table.file.path,
      ...(line !== undefined && { line }),
    });
  const text = (name: string): string | undefined => {
    const value = values[names.indexOf(name)];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = given.trim() === '' ? NaN : Number(given);
    if (!Number.isFinite(value)) throw error(`has a ${name} of ${shownValue(given)}: expected a number`);
    return value;
  };
  return {
    text,
    number,
    whole: (name) => {
      const value = number(name);
      if (value === undefined || (Number.isInteger(value) && value >= 1)) return value;
      throw error(`has a ${name} of ${value}: expected a whole number from 1`);
    },
    error,
  };
}

function tableError({ file }: LogTable, message: string): DomainError {
  return new DomainError('readout_invalid', message, { file: file.path });
}
