import { NOT_WINSORIZED, type Winsorizing, winsorizing } from '../../gp/winsorizing.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { firstObjective, hasSeveralObjectives, objectiveSign } from './metric-roles.ts';
import { observedTrials } from './training-data.ts';

/**
 * The scale that a metric is modelled on: outliers are winsorised, so that a few bad trials do not hide what happens near
 * the bound of a guardrail or around the best trials.
 *
 * Of a guardrail's metric both tails, which keeps every value on its side of the bounds; of the objective the bad tail
 * alone. One of several objectives keeps its scale, since the far end of a trade-off is no outlier.
 */
export function metricScale(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
): Winsorizing {
  const observed = observedTrials(trials);
  const bounds = guardrailBounds(definition, trials)?.filter((each) => each.metric === metric) ?? [];
  const isObjective = metric === firstObjective(definition).metric;
  if (observed.length === 0 || hasSeveralObjectives(definition)) return NOT_WINSORIZED;
  const values = Float64Array.from(observed, ({ observations }) => observations[metric]!.mean);
  return winsorizing(values, {
    bounds: bounds.map(({ bound }) => bound),
    ...(isObjective && { tails: objectiveSign(definition) > 0 ? 'low' : 'high' }),
  });
}
