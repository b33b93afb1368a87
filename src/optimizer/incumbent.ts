import type { FirstFeasible } from '../../acquisition/feasible-improvement.ts';
import { mean, sampleStddev } from '../../math/statistics.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { BestTrial } from './best-trial.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';
import { metricScale } from './metric-scale.ts';
import { observedTrials } from './training-data.ts';

/** Of the objective's standard deviation: a good objective can buy at most some fifty times the probability. */
const FLOOR_SHARE = 0.05;

/**
 * What a trial without noise has to improve on: the best feasible objective, as "maximise" on the scale that it is modelled
 * on; while nothing is feasible, what a first feasible trial is worth, its gain over the mean objective observed.
 *
 * Against the probability of feasibility alone, and against the least objective or the mean less a standard deviation as
 * the reference, the mean was nearest to the optimum after 20 trials of problems whose feasible region is small
 * (docs/adr/0013).
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
  const spread = values.length > 1 ? sampleStddev(values) : 0;
  return { reference: mean(values), floor: FLOOR_SHARE * (spread > 0 ? spread : 1) };
}
