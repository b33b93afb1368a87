import type { FirstFeasible } from '../../acquisition/feasible-improvement.ts';
import { mean, sampleStddev } from '../../math/statistics.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { objectiveSign } from './metric-roles.ts';
import { observedTrials } from './training-data.ts';

/** Of the objective's standard deviation: what the objective can buy is at most some fifty times the probability. */
const FLOOR_SHARE = 0.05;

/**
 * What a first feasible trial is worth while none is: its gain over the mean objective observed, as "maximise".
 *
 * Against the least, or the mean less a standard deviation, the search takes longer to the optimum on five of five problems
 * (docs/adr/0013).
 */
export function firstFeasible(definition: StudyDefinition, trials: readonly Trial[]): FirstFeasible {
  const sign = objectiveSign(definition);
  const values = Float64Array.from(
    observedTrials(trials),
    ({ observations }) => sign * observations[definition.objective.metric]!.mean,
  );
  const spread = (values.length > 1 ? sampleStddev(values) : 0) || 1;
  return { reference: mean(values), floor: FLOOR_SHARE * spread };
}
