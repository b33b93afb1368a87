import { DomainError } from '../domain/errors.ts';
import { formatGuardrail } from '../domain/guardrail.ts';
import { multipleProblem } from '../domain/study-rules.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Trial } from '../domain/trial.ts';

/** A guardrail with its bound as a number. */
export interface GuardrailBound {
  readonly text: string;
  readonly metric: string;
  readonly relation: '>=' | '<=';
  /** `factor · baseline + offset`, with the baseline as it was observed. */
  readonly bound: number;
  readonly factor: number;
  readonly offset: number;
}

/** The baseline's value of each metric; undefined while the baseline is not measured. */
export function baselineMetrics(
  { baseline }: StudyDefinition,
  trials: readonly Trial[],
): Readonly<Record<string, number>> | undefined {
  if (baseline !== undefined && 'metrics' in baseline) return baseline.metrics;
  const trial = trials.find(({ number }) => number === BASELINE_TRIAL);
  if (trial?.state !== 'completed') return undefined;
  return Object.fromEntries(Object.entries(trial.observations).map(([metric, { mean }]) => [metric, mean]));
}

/**
 * The guardrails with their bounds, `factor · baseline + offset`; undefined while a baseline that one of them needs is
 * not measured.
 *
 * Throws `baseline_invalid` for a multiple of a baseline that is zero or negative.
 */
export function guardrailBounds(
  definition: StudyDefinition,
  trials: readonly Trial[],
): readonly GuardrailBound[] | undefined {
  const baseline = baselineMetrics(definition, trials);
  const bounds: GuardrailBound[] = [];
  for (const [i, guardrail] of definition.guardrails.entries()) {
    const { metric, relation, factor, offset } = guardrail;
    const reference = factor === 0 ? 0 : baseline?.[metric];
    if (reference === undefined) return undefined;
    const problem = multipleProblem(guardrail, reference);
    if (problem !== undefined) {
      throw new DomainError('baseline_invalid', problem, { pointer: `/guardrails/${i}` });
    }
    const bound = factor * reference + offset;
    bounds.push({ text: formatGuardrail(guardrail), metric, relation, bound, factor, offset });
  }
  return bounds;
}

/** By how much a value meets the guardrail; negative where it violates it. In the metric's units. */
export function slackOf(
  { relation, bound }: Pick<GuardrailBound, 'relation' | 'bound'>,
  value: number,
): number {
  return relation === '>=' ? value - bound : bound - value;
}
