import { DomainError } from '../../domain/errors.ts';
import type { LogTable } from '../log/log-table.ts';
import { findReadoutColumn, type ReadoutColumn } from './readout-column.ts';
import type { UserReadoutRequest } from './user-readout-request.ts';

/** A column of numbers that is read once, whatever it is read for. */
export interface NumberColumn extends ReadoutColumn {
  /** Counts of what a user did at least once: 0, 1, 2, … */
  readonly isCount: boolean;
}

export interface UserColumns {
  readonly arm: ReadoutColumn;
  readonly unit: ReadoutColumn | undefined;
  readonly numbers: readonly NumberColumn[];
}

/** Columns of a metric in the table, as numbers of `NumberColumn`. */
export interface MetricColumns {
  readonly metric: string;
  readonly y: number;
  readonly x: number | undefined;
}

/** The table's name, and those of its columns: arm, unit, n0, n1, … */
export const USERS = 'users';

/** What is read, each column once: a column may serve several metrics. */
export function metricColumns({ metrics }: UserReadoutRequest): {
  readonly names: readonly string[];
  readonly of: readonly MetricColumns[];
} {
  const names: string[] = [];
  const place = (name: string): number => {
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  };
  const of = Object.entries(metrics).map(([metric, { column, covariate }]) => ({
    metric,
    y: place(column),
    x: covariate === undefined ? undefined : place(covariate),
  }));
  return { names, of };
}

/** Finds the columns of a request in one file. Throws `readout_invalid`. */
export function findUserColumns(
  table: LogTable,
  names: readonly string[],
  { arm, unit, metrics }: UserReadoutRequest,
): UserColumns {
  const uses = Object.entries(metrics);
  return {
    arm: findReadoutColumn(table, arm, 'arm'),
    unit: unit === undefined ? undefined : findReadoutColumn(table, unit, 'user'),
    numbers: names.map((name) => {
      const measured = uses.find(([, { column }]) => column === name)?.[0];
      const adjusted = uses.find(([, { covariate }]) => covariate === name)?.[0];
      const purpose = measured === undefined ? `covariate of ${adjusted}` : `metric ${measured}`;
      const isCount = uses.some(([, { column, kind }]) => column === name && kind === 'propensity');
      const found = findReadoutColumn(table, name, purpose);
      const { type, declared } = found.column;
      if (type === 'time' || type === 'other') {
        throw new DomainError(
          'readout_invalid',
          `column "${name}" (${purpose}) is of type ${declared}: expected numbers`,
          { file: table.file.path },
        );
      }
      return { ...found, isCount };
    }),
  };
}
