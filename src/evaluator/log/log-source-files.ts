import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import {
  type ColumnNames,
  columnNames,
  findColumns,
  type WantedColumn,
  type WantedColumns,
} from './log-columns.ts';
import { refuseLongLines } from './line-lengths.ts';
import type { LogFile } from './log-file.ts';
import { type LogTable, openLogTable } from './log-table.ts';

/** One file of a log, with the columns that the study names. */
export interface LogSourceFile {
  readonly table: LogTable;
  readonly wanted: WantedColumns;
}

/** Finds the columns of a study in every file of its log. Throws `log_invalid` where files disagree about them. */
export async function openLogSource(
  connection: DuckDBConnection,
  files: readonly LogFile[],
  names: ColumnNames,
): Promise<readonly LogSourceFile[]> {
  const sources: LogSourceFile[] = [];
  for (const file of files) {
    const table = await openLogTable(connection, file, columnNames(names));
    const source = { table, wanted: findColumns(table, names) };
    await refuseLongLines(connection, table);
    if (sources.length > 0) checkTypes(sources[0]!, source);
    sources.push(source);
  }
  return sources;
}

/** The same identifier or time in two files must be the same value: scores and labels are numbers whatever their type. */
function checkTypes(first: LogSourceFile, { table, wanted }: LogSourceFile): void {
  const check = (one: WantedColumn | undefined, other: WantedColumn | undefined, kindOf: KindOf): void => {
    if (one === undefined || other === undefined || kindOf(one) === kindOf(other)) return;
    throw new DomainError(
      'log_invalid',
      `column "${other.column.name}" (${other.purpose}) is of type ${other.column.declared} here and ` +
        `of type ${one.column.declared} in ${first.table.file.path}: expected one type in all files`,
      { file: table.file.path },
    );
  };
  check(first.wanted.request, wanted.request, identifierKind);
  check(first.wanted.user, wanted.user, identifierKind);
  check(first.wanted.timestamp, wanted.timestamp, timeKind);
}

type KindOf = (wanted: WantedColumn) => string;

function identifierKind({ column }: WantedColumn): string {
  return column.type === 'integer' ? 'integer' : 'text';
}

function timeKind({ column }: WantedColumn): string {
  return column.type === 'integer' ? 'number' : column.type;
}
