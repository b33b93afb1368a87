import { gapOf } from './best-feasible.ts';
import { figure, figureName } from './gap-summary.ts';
import { median } from '../median.ts';
import type { NoisyRace } from './noisy-race.ts';
import type { NamedTrial } from './noisy-study.ts';
import type { Problem } from '../problems/problem.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';

/** By how much the named trial's value without noise falls short; a trial that violates a guardrail has no gap. */
export function trueGap(problem: Problem, named: NamedTrial | undefined): number | undefined {
  if (named === undefined || !named.feasible) return undefined;
  return gapOf(problem.study(0), problem.optimum!.value, named.value);
}

/** The median over the runs after so many batches; undefined where that is a run whose named trial has no gap. */
export function medianTrueGap({ problem, runs }: NoisyRace, batch: number): number | undefined {
  return median(runs.map((run) => trueGap(problem, run[batch])));
}

/** The share of runs whose named trial violates a guardrail in truth. */
export function violatedShare({ runs }: NoisyRace, batch: number): number {
  return runs.filter((run) => run[batch]?.feasible === false).length / runs.length;
}

/** The share of runs in which no trial is named, each being clearly infeasible as observed. */
export function unnamedShare({ runs }: NoisyRace, batch: number): number {
  return runs.filter((run) => run[batch] === undefined).length / runs.length;
}

/**
 * `NAME_noisy_q8_gap_median` after the last batch, left out where that is a run without a gap,
 * `NAME_noisy_q8_violated_share` and `NAME_noisy_q8_unnamed_share`; of Sobol points `sobol_NAME_…`.
 */
export function noisyFigures(race: NoisyRace): Figures {
  const problem = `${figureName(race.problem.name)}_noisy_q${race.batch}`;
  const name = race.method === 'pondera' ? problem : `${figureName(race.method)}_${problem}`;
  const last = race.runs[0]!.length - 1;
  return {
    ...Object.fromEntries(figure(`${name}_gap_median`, medianTrueGap(race, last))),
    [`${name}_violated_share`]: rounded(violatedShare(race, last)),
    [`${name}_unnamed_share`]: rounded(unnamedShare(race, last)),
  };
}
