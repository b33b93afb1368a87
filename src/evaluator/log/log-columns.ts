import { DomainError } from '../../domain/errors.ts';
import type { Head } from '../../domain/log.ts';
import { closestName } from '../../domain/closest-name.ts';
import type { ColumnType, LogColumn, LogTable } from './log-table.ts';

/** What a column of numbers that belongs to no head is read for. */
export type NumberRole = 'baseline score' | 'weight' | 'examination' | 'display propensity' | 'position';

export type ColumnRole = 'request' | 'user' | 'timestamp' | 'score' | 'label' | 'segment' | NumberRole;

/** A column that the study names, found in the log. */
export interface WantedColumn<Role extends ColumnRole = ColumnRole> {
  readonly role: Role;
  /** What the study wants it for: `score of head click`. */
  readonly purpose: string;
  readonly column: LogColumn;
}

export interface WantedLabel extends WantedColumn<'label'> {
  readonly maxGrade: number;
}

export interface WantedHead {
  readonly name: string;
  readonly head: Head;
  readonly score: WantedColumn;
  readonly label: WantedLabel;
}

export interface WantedColumns {
  readonly request: WantedColumn;
  readonly heads: readonly WantedHead[];
  readonly numbers: readonly WantedColumn<NumberRole>[];
  readonly segment: WantedColumn | undefined;
  readonly user: WantedColumn<'user'> | undefined;
  readonly timestamp: WantedColumn<'timestamp'> | undefined;
}

/** The columns by which a log is read. */
export interface ColumnNames {
  readonly request: string;
  readonly heads: Readonly<Record<string, Head>>;
  readonly baselineScore?: string | undefined;
  readonly weight?: string | undefined;
  readonly examination?: string | undefined;
  readonly displayPropensity?: string | undefined;
  readonly position?: string | undefined;
  readonly segment?: string | undefined;
  readonly user?: string | undefined;
  readonly timestamp?: string | undefined;
}

/** The name of every column that is needed. */
export function columnNames(names: ColumnNames): string[] {
  const pairs = Object.values(names.heads).flatMap(({ score, label }) => [score, label]);
  const { segment, user, timestamp } = names;
  const others = [...numberColumns(names).map(([, name]) => name), segment, user, timestamp];
  return [names.request, ...pairs, ...others.filter((name) => name !== undefined)];
}

function numberColumns(names: ColumnNames): [NumberRole, string][] {
  const columns: [NumberRole, string | undefined][] = [
    ['baseline score', names.baselineScore],
    ['weight', names.weight],
    ['examination', names.examination],
    ['display propensity', names.displayPropensity],
    ['position', names.position],
  ];
  return columns.filter((column): column is [NumberRole, string] => column[1] !== undefined);
}

const EXPECTED_TYPE: Readonly<Record<ColumnRole, string>> = {
  request: 'an identifier',
  user: 'an identifier',
  timestamp: 'numbers, dates or times',
  score: 'numbers from 0 to 1',
  label: '0, 1 or empty',
  'baseline score': 'finite numbers',
  weight: 'numbers of 0 or more',
  examination: 'numbers above 0, up to 1',
  'display propensity': 'numbers above 0, up to 1',
  position: 'whole numbers from 1',
  segment: 'names',
};

const NOT_NUMBERS: ReadonlySet<ColumnType> = new Set(['time', 'other']);

const MESSAGE_COLUMNS = 40;

/** Finds the columns that a study names. Throws `log_invalid` for one that the log does not have, or has twice. */
export function findColumns(table: LogTable, names: ColumnNames): WantedColumns {
  const find = <Role extends ColumnRole>(name: string, role: Role, purpose: string): WantedColumn<Role> => ({
    role,
    purpose,
    column: findColumn(table, name, role, purpose),
  });
  const findIfNamed = <Role extends ColumnRole>(
    name: string | undefined,
    role: Role,
  ): WantedColumn<Role> | undefined => (name === undefined ? undefined : find(name, role, role));
  return {
    request: find(names.request, 'request', 'request'),
    heads: Object.entries(names.heads).map(([name, head]) => ({
      name,
      head,
      score: find(head.score, 'score', `score of head ${name}`),
      label: { ...find(head.label, 'label', `label of head ${name}`), maxGrade: head.maxGrade ?? 1 },
    })),
    numbers: numberColumns(names).map(([role, name]) => find(name, role, role)),
    segment: findIfNamed(names.segment, 'segment'),
    user: findIfNamed(names.user, 'user'),
    timestamp: findIfNamed(names.timestamp, 'timestamp'),
  };
}

function findColumn(table: LogTable, name: string, role: ColumnRole, purpose: string): LogColumn {
  const invalid = (message: string): DomainError =>
    new DomainError('log_invalid', message, { file: table.file.path });
  const [column, another] = table.columns.filter((candidate) => candidate.name === name);
  if (column === undefined) {
    const present = table.columns.map((candidate) => candidate.name);
    const closest = closestName(name, present);
    const hint = closest === undefined ? '; its' : `; did you mean "${closest}"? Its`;
    throw invalid(`the log has no column "${name}" (${purpose})${hint} columns are ${list(present)}`);
  }
  if (another !== undefined) throw invalid(`the log has two columns "${name}" (${purpose}): expected one`);
  const time = role === 'timestamp' && column.type === 'time';
  const anyType = role === 'request' || role === 'segment' || role === 'user' || time;
  const binary = role === 'label';
  if (!anyType && (NOT_NUMBERS.has(column.type) || (column.type === 'boolean' && !binary))) {
    throw invalid(
      `column "${name}" (${purpose}) is of type ${column.declared}: expected ${EXPECTED_TYPE[role]}`,
    );
  }
  return column;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MESSAGE_COLUMNS).join(', ');
  return names.length <= MESSAGE_COLUMNS ? shown : `${shown}, and ${names.length - MESSAGE_COLUMNS} more`;
}
