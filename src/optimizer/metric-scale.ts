import { NOT_WINSORIZED, type Winsorizing, winsorizing } from '../../gp/winsorizing.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { hasSeveralObjectives, objectiveSign } from './metric-roles.ts';
import { baselineRow, observedTrials } from './training-data.ts';

/**
 * The scale that a metric is modelled on: outliers are winsorised, so that a few bad trials do not hide what happens near
 * the bound of a guardrail or around the best trials.
 *
 * Of a guardrail's metric both tails, of the objective the bad tail alone; every value keeps its side of the bounds, and
 * the baseline that a bound is relative to keeps its value. One of several objectives keeps its scale, since the far end of
 * a trade-off is no outlier.
 */
export function metricScale(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
): Winsorizing {
  const observed = observedTrials(trials);
  const isObjective = objectivesOf(definition).some((each) => each.metric === metric);
  if (observed.length === 0 || (isObjective && hasSeveralObjectives(definition))) return NOT_WINSORIZED;
  const values = Float64Array.from(observed, ({ observations }) => observations[metric]!.mean);
  const bounds = guardrailBounds(definition, trials)?.filter((each) => each.metric === metric) ?? [];
  const baseline = baselineRow(trials);
  const isRelative = baseline !== undefined && bounds.some(({ factor }) => factor !== 0);
  return winsorizing(values, {
    bounds: [...bounds.map(({ bound }) => bound), ...(isRelative ? [values[baseline]!] : [])],
    ...(isObjective && { tails: objectiveSign(definition) > 0 ? 'low' : 'high' }),
  });
}
