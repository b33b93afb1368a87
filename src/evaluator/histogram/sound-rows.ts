import { appliedCalibration } from '../calibrate-head.ts';
import type { WantedColumn, WantedHead, WantedLabel } from '../log/log-columns.ts';
import type { LogSourceFile } from '../log/log-source-files.ts';
import { labelSql } from '../log/log-statement.ts';
import { quoteString } from '../log/sql-text.ts';
import type { RowSelection } from './row-selections.ts';
import { DUCKDB } from './sql-dialect.ts';

/**
 * The rows of a file that is known to hold what it should, as a relation: columns x0, x1, …, y0, y1, … and w as `checkedRows` has
 * them, of the rows that have all their scores. It looks at nothing twice: each evaluation scans it.
 */
export function soundRows({ table, wanted }: LogSourceFile, selections: readonly RowSelection[]): string {
  const { heads, numbers, segment } = wanted;
  const numberOf = (role: 'baseline score' | 'weight'): readonly WantedColumn[] =>
    numbers.filter((column) => column.role === role);
  const x = [
    ...heads.map(({ score, head }) => calibratedSql(double(score), head)),
    ...numberOf('baseline score').map(double),
  ];
  const y = selections.map((selection) => {
    const label = positiveSql(heads.find(({ name }) => name === selection.head)!.label);
    if (selection.segment === undefined) return label;
    const value = `CAST(${segment!.column.sql} AS VARCHAR)`;
    return `CASE WHEN ${value} = ${quoteString(selection.segment)} THEN ${label} END`;
  });
  const columns = [
    ...x.map((sql, j) => `${sql} AS x${j}`),
    ...y.map((sql, s) => `${sql} AS y${s}`),
    ...numberOf('weight').map((weight) => `${double(weight)} AS w`),
  ];
  const scores = heads.map(({ score }) => `${score.column.sql} IS NOT NULL`);
  return `SELECT ${columns.join(', ')} FROM ${table.sql} WHERE ${scores.join(' AND ')}`;
}

/**
 * A head's probability by its score: the score itself, or p = βs / (βs − s + 1), rounded as `calibrate` rounds it.
 *
 * Throws RangeError for a calibration that is fitted to labels.
 */
export function calibratedSql(
  score: string,
  head: Pick<WantedHead['head'], 'calibration' | 'negativeKeepRate'>,
): string {
  const applied = appliedCalibration(head);
  if (applied === 'isotonic') throw new RangeError('isotonic calibration is fitted to rows in memory');
  if (applied === 'none') return score;
  const { negativeKeepRate } = head;
  const scaled = `(${DUCKDB.double(negativeKeepRate)} * ${score})`;
  return `${scaled} / (${scaled} - ${score} + 1)`;
}

function double({ column }: WantedColumn): string {
  return DUCKDB.toDouble(column.sql);
}

/** 1 for every grade above 0, null where the label is missing. */
function positiveSql(label: WantedLabel): string {
  const { sql, type } = label.column;
  if (type === 'text') return `nullif(least(${labelSql(label)}, 1), -1)`;
  const grade = type === 'boolean' ? `CAST(${sql} AS TINYINT)` : sql;
  return `CASE WHEN ${grade} >= 1 THEN 1 WHEN ${grade} = 0 THEN 0 END`;
}
