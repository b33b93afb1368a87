import { closestName } from '../../domain/closest-name.ts';
import { DomainError } from '../../domain/errors.ts';
import { lineOfRow } from '../log/log-lines.ts';
import type { LogColumn, LogTable } from '../log/log-table.ts';

const MESSAGE_COLUMNS = 40;

const VALUE_LENGTH = 40;

/** What a column of a readout is read for, as messages call it. */
export interface ReadoutColumn {
  readonly column: LogColumn;
  readonly purpose: string;
}

/** Finds a column by its name. Throws `readout_invalid` where there is none, or there are two. */
export function findReadoutColumn({ columns, file }: LogTable, name: string, purpose: string): ReadoutColumn {
  const [column, another] = columns.filter((candidate) => candidate.name === name);
  const names = columns.map((candidate) => candidate.name);
  if (column === undefined) {
    const closest = closestName(name, names);
    const hint = closest === undefined ? '; its' : `; did you mean "${closest}"? Its`;
    const shown = names.slice(0, MESSAGE_COLUMNS).join(', ');
    const more = names.length > MESSAGE_COLUMNS ? `, and ${names.length - MESSAGE_COLUMNS} more` : '';
    throw new DomainError(
      'readout_invalid',
      `the readout has no column "${name}" (${purpose})${hint} columns are ${shown}${more}`,
      { file: file.path },
    );
  }
  if (another !== undefined) {
    throw new DomainError(
      'readout_invalid',
      `the readout has two columns "${name}" (${purpose}): expected one`,
      { file: file.path },
    );
  }
  return { column, purpose };
}

/** An error about the value of a column in a row (counted from 1), which stands as `value` in the file. */
export async function valueError(
  { file }: LogTable,
  row: number,
  { column, purpose }: ReadoutColumn,
  value: unknown,
  expected: string,
): Promise<DomainError> {
  const line = await lineOfRow(file, row);
  const found = value === null || value === undefined ? 'empty' : shownValue(value);
  return new DomainError(
    'readout_invalid',
    `row ${row}: column "${column.name}" (${purpose}) is ${found}: expected ${expected}`,
    line === undefined ? { file: file.path } : { file: file.path, line },
  );
}

/** A value of a file for a message, cut where it is long. */
export function shownValue(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text);
}
