import { isDerived, termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import { firstObjective } from './metric-roles.ts';
import { observationAt, type ObservedTrial } from './training-data.ts';

/**
 * How far one part of derived metrics may be taken in at one trial: its values at which such a metric would cross a bound, or
 * the objective the middle of what was observed, the trial's other parts as they are.
 *
 * limit_k = (level − (metric − a_k y))/a_k. Without them an outlier that is paid for by another part would, once taken in,
 * make of its trial one that is feasible, or better than any.
 */
export function derivedLimits(
  definition: StudyDefinition,
  observed: readonly ObservedTrial[],
  bounds: readonly GuardrailBound[],
  part: string,
): (trial: ObservedTrial) => readonly number[] {
  const objective = firstObjective(definition).metric;
  const values = observed.map((trial) => observationAt(definition, trial, objective).mean);
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const levels = [
    { metric: objective, level: middle },
    ...bounds.map(({ metric, bound }) => ({ metric, level: bound })),
  ].flatMap(({ metric, level }) =>
    termsOf(definition, metric)
      .terms.filter((term) => isDerived(definition, metric) && term.part === part)
      .map(({ coefficient }) => ({ metric, level, coefficient })),
  );
  return (trial) =>
    levels.map(({ metric, level, coefficient }) => {
      const { mean } = observationAt(definition, trial, metric);
      return trial.observations[part]!.mean + (level - mean) / coefficient;
    });
}
