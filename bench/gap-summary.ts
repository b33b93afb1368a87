import { median } from './median.ts';
import type { Figures } from './run-bench.ts';

/** The gap by candidate of one run; undefined before its first feasible candidate. */
export type GapCurve = readonly (number | undefined)[];

/** Candidates after which tables show the gap, as far as a run has them, and its last. */
const SHOWN = [10, 15, 20, 25, 30, 50, 100];

/** The count that figures are named by, besides a run's last. */
const FIGURE_AT = 30;

export function shownTrials(trials: number): readonly number[] {
  return [...SHOWN.filter((count) => count < trials), trials];
}

/** The median over the runs after so many candidates; undefined where that is a run without a feasible one. */
export function medianGap(curves: readonly GapCurve[], trials: number): number | undefined {
  return median(curves.map((curve) => curve[trials - 1]));
}

/**
 * Median and worst gap over the runs, `NAME_gap_median_30` and `NAME_gap_worst_30`, and in how many of them no candidate was
 * feasible, `NAME_without_feasible_30`. A gap that does not exist is left out.
 */
export function gapFigures(name: string, curves: readonly GapCurve[], trials: number): Figures {
  const counts = trials > FIGURE_AT ? [FIGURE_AT, trials] : [trials];
  return Object.fromEntries(
    counts.flatMap((count) => {
      const gaps = curves.map((curve) => curve[count - 1]);
      const without = gaps.filter((gap) => gap === undefined).length;
      const worst = without > 0 ? undefined : Math.max(...gaps.map((gap) => gap!));
      const stem = figureName(name);
      return [
        ...figure(`${stem}_gap_median_${count}`, median(gaps)),
        ...figure(`${stem}_gap_worst_${count}`, worst),
        [`${stem}_without_feasible_${count}`, without] as const,
      ];
    }),
  );
}

/** A figure to four digits; none where it does not exist. */
export function figure(name: string, value: number | undefined): readonly (readonly [string, number])[] {
  return value === undefined ? [] : [[name, Number(value.toPrecision(4))]];
}

export function figureName(problem: string): string {
  return problem.replaceAll('-', '_');
}

export function formatGap(gap: number | undefined): string {
  return gap === undefined ? 'none' : gap.toExponential(1);
}
