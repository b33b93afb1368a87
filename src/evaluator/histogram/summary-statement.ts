import type { LogMetric } from '../../domain/metric.ts';
import { DUCKDB } from './sql-dialect.ts';

/** Metrics of a head's probabilities alone, which are sums over rows: exact in any form. */
export const LOSS_SQL: Readonly<Partial<Record<LogMetric['kind'], (p: string, y: string) => string>>> = {
  log_loss: (p, y) => {
    const clipped = DUCKDB.clamp(p, Number.EPSILON, 1 - Number.EPSILON);
    return `-ln(CASE WHEN ${y} = 1 THEN ${clipped} ELSE 1 - ${clipped} END)`;
  },
  brier: (p, y) => `(${p} - ${y}) * (${p} - ${y})`,
};

/** One loss to sum, by the numbers of its head and its selection. */
export interface LossTerm {
  readonly kind: LogMetric['kind'];
  readonly head: number;
  readonly selection: number;
}

/** How many columns of each kind the relation of `checkedRows` has. */
export interface SummaryShape {
  readonly columns: number;
  readonly selections: number;
  readonly weighted: boolean;
  readonly losses: readonly LossTerm[];
}

/** What one scan tells of a file, or of several together. */
export interface RowSummary {
  readonly rows: number;
  readonly droppedRows: number;
  readonly badRows: number;
  /** Of each column x; none where no row is kept. */
  readonly least: readonly number[];
  readonly most: readonly number[];
  /** Of each selection. */
  readonly counted: readonly number[];
  readonly positives: readonly number[];
  /** Summed weights of the negatives and of the positives: counts where rows have none. */
  readonly negativeWeight: readonly number[];
  readonly positiveWeight: readonly number[];
  /** Of each loss, its weighted sum. */
  readonly losses: readonly number[];
}

/** The statement that sums up the rows of a file, as `checkedRows` gives them; one row, numbers of double precision. */
export function summaryStatement(
  rows: string,
  { columns, selections, weighted, losses }: SummaryShape,
): string {
  const xs = Array.from({ length: columns }, (_, j) => `x${j}`);
  const ys = Array.from({ length: selections }, (_, s) => `y${s}`);
  const times = (sql: string): string => (weighted ? `w * (${sql})` : sql);
  const values = [
    'count(*)',
    'count(CASE WHEN NOT keep THEN 1 END)',
    'count(CASE WHEN bad THEN 1 END)',
    ...xs.map((x) => `coalesce(min(${x}), 'Infinity')`),
    ...xs.map((x) => `coalesce(max(${x}), '-Infinity')`),
    ...ys.map((y) => `count(${y})`),
    ...ys.map((y) => `sum(${y})`),
    ...ys.map((y) => `sum(${times(`1 - ${y}`)})`),
    ...ys.map((y) => `sum(${times(y)})`),
    ...losses.map(({ kind, head, selection }) => {
      const y = `y${selection}`;
      return `sum(CASE WHEN ${y} IS NOT NULL THEN ${times(LOSS_SQL[kind]!(`x${head}`, y))} END)`;
    }),
  ];
  return `SELECT ${values.map((sql) => `coalesce(${DUCKDB.toDouble(sql)}, 0)`).join(', ')} FROM ${rows} AS r`;
}

/** The numbers of the statement's row by name. */
export function toSummary(row: readonly number[], { columns, selections, losses }: SummaryShape): RowSummary {
  let next = 3;
  const take = (count: number): readonly number[] => row.slice(next, (next += count));
  return {
    rows: row[0]! - row[1]!,
    droppedRows: row[1]!,
    badRows: row[2]!,
    least: take(columns),
    most: take(columns),
    counted: take(selections),
    positives: take(selections),
    negativeWeight: take(selections),
    positiveWeight: take(selections),
    losses: take(losses.length),
  };
}

/** The summary of two parts of a log together. */
export function addSummaries(a: RowSummary, b: RowSummary): RowSummary {
  const added = (key: 'counted' | 'positives' | 'negativeWeight' | 'positiveWeight' | 'losses'): number[] =>
    a[key].map((value, i) => value + b[key][i]!);
  return {
    rows: a.rows + b.rows,
    droppedRows: a.droppedRows + b.droppedRows,
    badRows: a.badRows + b.badRows,
    least: a.least.map((value, j) => Math.min(value, b.least[j]!)),
    most: a.most.map((value, j) => Math.max(value, b.most[j]!)),
    counted: added('counted'),
    positives: added('positives'),
    negativeWeight: added('negativeWeight'),
    positiveWeight: added('positiveWeight'),
    losses: added('losses'),
  };
}
