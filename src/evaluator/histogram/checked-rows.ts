import type { LogSource } from '../../domain/log.ts';
import type { LogSourceFile } from '../log/log-source-files.ts';
import { BAD_LABEL, labelSql, numberSql } from '../log/log-statement.ts';
import { quoteString } from '../log/sql-text.ts';
import type { RowSelection } from './row-selections.ts';
import { calibratedSql } from './sound-rows.ts';
import { DUCKDB } from './sql-dialect.ts';

const { double } = DUCKDB;

/**
 * The rows of a file as a relation: `keep`, whether the row has all its scores; `bad`, whether a value is not what its column
 * should hold; of kept rows x0, x1, … the calibrated probabilities of the heads, then the logged score where there is one,
 * y0, y1, … the labels of the selections, 1, 0 or null where the row does not count, and w where rows have weights.
 *
 * p = βs / (βs − s + 1), rounded as `calibrate` rounds it.
 */
export function checkedRows(
  { table, wanted }: LogSourceFile,
  selections: readonly RowSelection[],
  nullScores: LogSource['nullScores'],
): string {
  const { request, heads, segment } = wanted;
  const [score, weight] = (['baseline score', 'weight'] as const).map((role) =>
    wanted.numbers.find((column) => column.role === role),
  );
  const raw = [
    `${request.column.sql} IS NULL AS no_request`,
    ...heads.flatMap((head, t) => [`${numberSql(head.score)} AS s${t}`, `${labelSql(head.label)} AS g${t}`]),
    ...(score === undefined ? [] : [`${numberSql(score)} AS logged`]),
    ...(weight === undefined ? [] : [`${numberSql(weight)} AS weight`]),
    ...(segment === undefined ? [] : [`CAST(${segment.column.sql} AS VARCHAR) AS segment`]),
  ];
  const keep = heads.map((_, t) => `NOT isnan(s${t})`).join(' AND ');
  const bad = [
    'no_request',
    ...heads.flatMap((_, t) => [
      `NOT (s${t} BETWEEN 0 AND 1)${nullScores === 'drop' ? ` AND NOT isnan(s${t})` : ''}`,
      `g${t} = ${BAD_LABEL}`,
    ]),
    ...(score === undefined ? [] : ['NOT isfinite(logged)']),
    ...(weight === undefined ? [] : [`NOT (weight = 0 OR weight BETWEEN ${WEIGHTS})`]),
  ];
  const x = [
    ...heads.map(({ head }, t) => calibratedSql(`s${t}`, head)),
    ...(score === undefined ? [] : ['logged']),
  ];
  const y = selections.map((selection) => {
    const grade = `g${heads.findIndex(({ name }) => name === selection.head)}`;
    const within = selection.segment === undefined ? '' : ` AND segment = ${quoteString(selection.segment)}`;
    return `CASE WHEN keep${within} AND ${grade} >= 0 THEN least(${grade}, 1) END`;
  });
  const columns = [
    ...x.map((sql, j) => `CASE WHEN keep THEN ${sql} END AS x${j}`),
    ...y.map((sql, s) => `${sql} AS y${s}`),
    ...(weight === undefined ? [] : ['weight AS w']),
  ];
  return (
    `(SELECT keep, bad, ${columns.join(', ')} FROM (SELECT *, ${keep} AS keep, (${bad.join(') OR (')}) AS bad ` +
    `FROM (SELECT ${raw.join(', ')} FROM ${table.sql})))`
  );
}

/** As `bad-value.ts` has it. */
const WEIGHTS = `${double(1e-100)} AND ${double(1e100)}`;
