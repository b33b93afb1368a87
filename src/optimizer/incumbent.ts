import { type FirstFeasible, firstFeasible } from '../../acquisition/feasible-improvement.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { BestTrial } from './best-trial.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';
import { metricScale } from './metric-scale.ts';
import { observedTrials } from './training-data.ts';

/**
 * What a trial without noise has to improve on: the best feasible objective, as "maximise" on the scale that it is modelled
 * on; while nothing is feasible, what a first feasible trial is worth.
 */
export function incumbent(
  definition: StudyDefinition,
  trials: readonly Trial[],
  best: BestTrial | undefined,
): number | FirstFeasible {
  const { metric } = firstObjective(definition);
  const sign = objectiveSign(definition);
  const { forward } = metricScale(definition, trials, metric);
  if (best?.feasible === true) return sign * forward(sign * best.objective);
  const values = Float64Array.from(
    observedTrials(trials),
    ({ observations }) => sign * forward(observations[metric]!.mean),
  );
  return firstFeasible(values);
}
