import { type FirstFeasible, firstFeasible } from '../../acquisition/feasible-improvement.ts';
import { termsOf } from '../domain/derived-metric.ts';
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
  const { terms, constant } = termsOf(definition, metric);
  const scales = terms.map(({ part }) => metricScale(definition, trials, part));
  const modelled = ({ observations }: Trial): number => {
    const ofTerms = terms.map(
      ({ part, coefficient }, k) => coefficient * scales[k]!.forward(observations[part]!.mean),
    );
    return sign * ofTerms.reduce((sum, value) => sum + value, constant);
  };
  const observed = observedTrials(trials);
  if (best?.feasible === true) return modelled(observed.find(({ number }) => number === best.number)!);
  return firstFeasible(Float64Array.from(observed, modelled));
}
