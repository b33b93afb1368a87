import { median } from '../median.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';

/** The gap by candidate of one run; undefined before its first feasible candidate. */
export type GapCurve = readonly (number | undefined)[];

/** Candidates after which tables show the gap, as far as a run has them, and its last. */
const SHOWN = [10, 15, 20, 25, 30, 50, 100];

/** The counts that figures are named by, besides a run's last. */
const FIGURES_AT = [30, 50];

export function shownTrials(trials: number): readonly number[] {
  return [...SHOWN.filter((count) => count < trials), trials];
}

/** The median over the runs after so many candidates; undefined where that is a run without a feasible one. */
export function medianGap(curves: readonly GapCurve[], trials: number): number | undefined {
  return median(curves.map((curve) => curve[trials - 1]));
}

/** The largest over the runs; undefined where one has no feasible candidate. */
export function worstGap(curves: readonly GapCurve[], trials: number): number | undefined {
  if (withoutFeasible(curves, trials) > 0) return undefined;
  return Math.max(...curves.map((curve) => curve[trials - 1]!));
}

/** How many runs have no feasible candidate after so many. */
export function withoutFeasible(curves: readonly GapCurve[], trials: number): number {
  return curves.filter((curve) => curve[trials - 1] === undefined).length;
}

/**
 * Median and worst gap over the runs, `NAME_gap_median_30` and `NAME_gap_worst_30`, and in how many of them no candidate was
 * feasible, `NAME_without_feasible_30`; the same after 50 and after the last. A gap that does not exist is left out.
 */
export function gapFigures(name: string, curves: readonly GapCurve[], trials: number): Figures {
  const counts = [...FIGURES_AT.filter((count) => count < trials), trials];
  const stem = figureName(name);
  return Object.fromEntries(
    counts.flatMap((count) => [
      ...figure(`${stem}_gap_median_${count}`, medianGap(curves, count)),
      ...figure(`${stem}_gap_worst_${count}`, worstGap(curves, count)),
      [`${stem}_without_feasible_${count}`, withoutFeasible(curves, count)] as const,
    ]),
  );
}

/** A figure to four digits; none where it does not exist. */
export function figure(name: string, value: number | undefined): readonly (readonly [string, number])[] {
  return value === undefined ? [] : [[name, rounded(value)]];
}

/** A problem or method as part of a figure's name. */
export function figureName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

export function formatGap(gap: number | undefined): string {
  return gap === undefined ? 'none' : gap.toExponential(1);
}
