import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { paretoSet } from '../optimizer/pareto-set.ts';

export interface ParetoSoFar {
  /** How many trials are in the set; 0 while none is feasible. */
  readonly size: number;
  readonly hypervolume: number;
}

/** The Pareto set of a sweep, whose metrics have no noise; undefined before the first trial. */
export function paretoSoFar(definition: StudyDefinition, trials: readonly Trial[]): ParetoSoFar | undefined {
  const steered = withMargins(definition, trials);
  const set = paretoSet(steered.definition, steered.trials);
  return set && { size: set.trials.length, hypervolume: set.hypervolume };
}
