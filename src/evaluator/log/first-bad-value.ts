import { type BadValue, IS_BAD_NUMBER } from './bad-value.ts';
import type { ChunkColumns } from './chunk-columns.ts';
import type { WantedColumn, WantedColumns } from './log-columns.ts';
import { BAD_LABEL, ROW_STATE } from './log-statement.ts';

/** The bad value in the first row that has one, and in that row in the first column of the study. */
export function firstBadValue(
  columns: ChunkColumns,
  { request, user, heads, numbers, timestamp }: WantedColumns,
  allowNullScores: boolean,
  rowsBefore: number,
): BadValue | undefined {
  let first = columns.rows;
  let found: WantedColumn | undefined;
  const look = <T extends Float64Array | Int8Array>(
    values: T,
    wanted: WantedColumn,
    isBad: (value: number) => boolean,
  ): void => {
    for (let i = 0; i < first; i++) {
      if (!isBad(values[i]!)) continue;
      first = i;
      found = wanted;
    }
  };
  look(columns.state, request, (state) => state === ROW_STATE.requestIsNull);
  if (user !== undefined) look(columns.state, user, (state) => state === ROW_STATE.userIsNull);
  heads.forEach(({ score, label }, t) => {
    look(columns.scores[t]!, score, (s) => !(s >= 0 && s <= 1) && !(allowNullScores && Number.isNaN(s)));
    look(columns.labels[t]!, label, (y) => y === BAD_LABEL);
  });
  numbers.forEach((wanted, j) => look(columns.numbers[j]!, wanted, IS_BAD_NUMBER[wanted.role]));
  if (columns.timestamp !== undefined && timestamp !== undefined) {
    look(columns.timestamp, timestamp, (time) => !Number.isFinite(time));
  }
  return found === undefined ? undefined : { row: rowsBefore + first + 1, wanted: found };
}
