import { NOT_WINSORIZED, type Winsorizing, winsorizing } from '../../gp/winsorizing.ts';
import { termsOf } from '../domain/derived-metric.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { uncrowdedShares } from './crowding.ts';
import { derivedLimits } from './derived-limits.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { hasSeveralObjectives, objectiveSign } from './metric-roles.ts';
import { baselineRow, observedTrials } from './training-data.ts';

/**
 * The scale that a measured metric is modelled on: outliers are winsorised, so that a few bad trials do not hide what happens
 * near the bound of a guardrail or around the best trials.
 *
 * Of what a guardrail is of, the metric or the parts of a derived one, both tails, of what the objective is of the tail alone
 * that is bad for it; every value keeps its side of the bounds, the metrics derived from it theirs (`derivedLimits`), and the
 * baseline that a bound is relative to keeps its value. What one of several objectives is of keeps its scale, since the far
 * end of a trade-off is no outlier.
 */
export function metricScale(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
): Winsorizing {
  const observed = observedTrials(trials);
  const gain = objectiveGain(definition, metric);
  if (observed.length === 0 || (gain !== undefined && hasSeveralObjectives(definition)))
    return NOT_WINSORIZED;
  const values = Float64Array.from(observed, ({ observations }) => observations[metric]!.mean);
  const guardrails = guardrailBounds(definition, trials) ?? [];
  const baseline = baselineRow(trials);
  const isRelative =
    baseline !== undefined &&
    guardrails.some(
      (each) => each.factor !== 0 && coefficientIn(definition, each.metric, metric) !== undefined,
    );
  const bounds = [
    ...guardrails.filter((each) => each.metric === metric).map(({ bound }) => bound),
    ...(isRelative ? [values[baseline]!] : []),
  ];
  const tails = gain === undefined ? 'both' : gain > 0 ? 'low' : 'high';
  const shares = uncrowdedShares(observed);
  const scale = winsorizing(values, { bounds, tails, shares });
  const limits = derivedLimits(definition, observed, guardrails, metric);
  const limited = observed.filter((_, i) => scale.forward(values[i]!) !== values[i]).flatMap(limits);
  return limited.length === 0
    ? scale
    : winsorizing(values, { bounds: [...bounds, ...limited], tails, shares });
}

/** Which way, and how much, the metric moves an objective as "maximise"; undefined where it moves none. */
function objectiveGain(definition: StudyDefinition, metric: string): number | undefined {
  for (const { metric: objective } of objectivesOf(definition)) {
    const coefficient = coefficientIn(definition, objective, metric);
    if (coefficient !== undefined) return objectiveSign(definition, objective) * coefficient;
  }
  return undefined;
}

/** What a metric counts in another, or in itself; undefined where it does not. */
function coefficientIn(definition: StudyDefinition, metric: string, part: string): number | undefined {
  return termsOf(definition, metric).terms.find((term) => term.part === part)?.coefficient;
}
