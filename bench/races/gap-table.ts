import { textTable } from '../../src/cli/text-table.ts';
import { type ExactRace, gapCurves } from './exact-race.ts';
import {
  formatGap,
  type GapCurve,
  medianGap,
  shownTrials,
  withoutFeasible,
  worstGap,
} from './gap-summary.ts';
import { STORED_MEDIANS } from './stored-medians.ts';

type Row = readonly [problem: string, method: string, runs: string, ...gaps: string[]];

/**
 * Two tables of the gaps after 10, 15, … candidates: the median of each method, with the stored medians of other engines,
 * and the worst.
 */
export function gapTables(races: readonly ExactRace[], trials: number): string {
  const counts = shownTrials(trials);
  const medians = races.flatMap((race) => [
    ...methodRows(race, (curves) => counts.map((count) => formatGap(medianGap(curves, count)))),
    ...storedRows(race.problem.name, counts),
  ]);
  const worst = races.flatMap((race) =>
    methodRows(race, (curves) => counts.map((count) => worstCell(curves, count))),
  );
  return [table('median gap after', counts, medians), table('worst gap after', counts, worst)].join('\n\n');
}

/** The worst gap, or in how many runs no candidate was feasible. */
export function worstCell(curves: readonly GapCurve[], count: number): string {
  const without = withoutFeasible(curves, count);
  return without > 0 ? `none in ${without}` : formatGap(worstGap(curves, count));
}

function methodRows(race: ExactRace, cells: (curves: readonly GapCurve[]) => readonly string[]): Row[] {
  return [...race.bests.keys()].map((method): Row => {
    const curves = gapCurves(race, method);
    return [race.problem.name, method, String(curves.length), ...cells(curves)];
  });
}

function storedRows(name: string, counts: readonly number[]): Row[] {
  return STORED_MEDIANS.filter(({ problem }) => problem === name).map(({ engine, medians }): Row => {
    const cells = counts.map((count) => (medians.has(count) ? formatGap(medians.get(count)) : ''));
    return [name, `${engine}, stored`, '', ...cells];
  });
}

function table(title: string, counts: readonly number[], rows: readonly Row[]): string {
  return textTable(
    [
      { title, align: 'left' },
      { title: 'method', align: 'left' },
      { title: 'runs', align: 'right' },
      ...counts.map((count) => ({ title: String(count), align: 'right' as const })),
    ],
    rows,
  );
}
