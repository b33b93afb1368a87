import { textTable } from '../src/cli/text-table.ts';
import { gapOf } from './best-feasible.ts';
import { figure, figureName, formatGap } from './gap-summary.ts';
import { median } from './median.ts';
import { type NamedTrial, NOISE_SHARE } from './noisy-study.ts';
import type { Problem } from './problems/problem.ts';
import type { Figures } from './run-bench.ts';

/** What the engine named as best on a problem with noise, after each batch of each run. */
export interface NoisyRace {
  readonly problem: Problem;
  readonly runs: (readonly (NamedTrial | undefined)[])[];
}

/** By how much the named trial's value without noise falls short; a trial that violates a guardrail has no gap. */
export function trueGap(problem: Problem, named: NamedTrial | undefined): number | undefined {
  if (named === undefined || !named.feasible) return undefined;
  return gapOf(problem.study(0), problem.optimum!.value, named.value);
}

/** The share of runs whose named trial violates a guardrail in truth. */
export function violatedShare({ runs }: NoisyRace, batch: number): number {
  return runs.filter((run) => run[batch]?.feasible === false).length / runs.length;
}

/** Median true gap and share of violations, after every second batch. */
export function noisyTable(races: readonly NoisyRace[], batchSize: number): string {
  const batches = races[0]!.runs[0]!.length;
  const shown = Array.from({ length: batches }, (_, i) => i).filter((i) => i % 2 === 1);
  return textTable(
    [
      { title: `named trial, noise of ${100 * NOISE_SHARE} %, after`, align: 'left' },
      { title: '', align: 'left' },
      ...shown.map((i) => ({ title: String((i + 1) * batchSize), align: 'right' as const })),
    ],
    races.flatMap((race) => [
      [race.problem.name, 'median true gap', ...shown.map((i) => formatGap(medianTrueGap(race, i)))],
      ['', 'truly violates', ...shown.map((i) => `${(100 * violatedShare(race, i)).toFixed(0)} %`)],
    ]),
  );
}

/** `NAME_noisy_q8_gap_median` after the last batch, left out where that is a run without a gap, and the violations. */
export function noisyFigures(race: NoisyRace, batchSize: number): Figures {
  const name = `${figureName(race.problem.name)}_noisy_q${batchSize}`;
  const last = race.runs[0]!.length - 1;
  return {
    ...Object.fromEntries(figure(`${name}_gap_median`, medianTrueGap(race, last))),
    [`${name}_violated_share`]: violatedShare(race, last),
  };
}

function medianTrueGap({ problem, runs }: NoisyRace, batch: number): number | undefined {
  return median(runs.map((run) => trueGap(problem, run[batch])));
}
