import { textTable } from '../src/cli/text-table.ts';
import { type GapCurve, formatGap, medianGap, shownTrials } from './gap-summary.ts';

/** Curves of one method on one problem. */
export interface GapRow {
  readonly problem: string;
  readonly method: string;
  readonly curves: readonly GapCurve[];
}

/** The median gap of each row after 10, 15, … candidates. */
export function gapTable(rows: readonly GapRow[], trials: number): string {
  const counts = shownTrials(trials);
  return textTable(
    [
      { title: 'median gap after', align: 'left' },
      { title: '', align: 'left' },
      ...counts.map((count) => ({ title: String(count), align: 'right' as const })),
    ],
    rows.map(({ problem, method, curves }) => [
      problem,
      method,
      ...counts.map((count) =>
        curves.some((curve) => curve.length < count) ? '' : formatGap(medianGap(curves, count)),
      ),
    ]),
  );
}
