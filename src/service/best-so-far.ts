import { observationOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { bestTrial } from '../optimizer/best-trial.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { firstObjective } from '../optimizer/metric-roles.ts';

export interface BestSoFar {
  readonly number: number;
  readonly feasible: boolean;
  /** The objective's observed value. */
  readonly value: number;
}

/** The best trial of a sweep, whose metrics have no noise; undefined before the first. */
export function bestSoFar(definition: StudyDefinition, trials: readonly Trial[]): BestSoFar | undefined {
  const steered = withMargins(definition, trials);
  const best = bestTrial(steered.definition, steered.trials);
  if (best === undefined) return undefined;
  const trial = trials.find(({ number }) => number === best.number)!;
  const { mean: value } = observationOf(definition, trial.observations, firstObjective(definition).metric)!;
  return { number: best.number, feasible: best.feasible, value };
}
