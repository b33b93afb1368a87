import { slackOf } from '../../acquisition/feasibility.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { candidateTrials, type Trial } from '../../src/domain/trial.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { objectiveSign, firstObjective } from '../../src/optimizer/metric-roles.ts';

/** The best feasible objective so far by candidate; undefined before the first feasible one. The baseline does not count. */
export type BestFeasible = readonly (number | undefined)[];

/** The best objective that meets every guardrail as observed, in its own direction; for trials without noise. */
export function bestFeasible(definition: StudyDefinition, trials: readonly Trial[]): BestFeasible {
  const bounds = guardrailBounds(definition, trials)!;
  const sign = objectiveSign(definition);
  let best: number | undefined;
  return candidateTrials(trials).map(({ observations }) => {
    const value = observations[firstObjective(definition).metric]!.mean;
    const met = bounds.every((bound) => slackOf(bound, observations[bound.metric]!.mean) >= 0);
    if (met && (best === undefined || sign * (value - best) > 0)) best = value;
    return best;
  });
}

/** By how much a value falls short of the optimum; what is better by the rounding of the optimum's digits is negative. */
export function gapOf(definition: StudyDefinition, optimum: number, value: number): number {
  return objectiveSign(definition) * (optimum - value);
}
