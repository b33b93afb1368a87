import { withDerived } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import { formatGuardrail } from '../domain/guardrail.ts';
import { multipleProblem } from '../domain/study-rules.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations, observed, type Trial } from '../domain/trial.ts';

// For those above, who may not import the acquisition.
export { slackOf } from '../../acquisition/feasibility.ts';

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

/** The baseline's value of each metric, derived ones among them; undefined while the baseline is not measured. */
export function baselineMetrics(
  definition: StudyDefinition,
  trials: readonly Trial[],
): Readonly<Record<string, number>> | undefined {
  const measured = baselineObservations(definition, trials);
  if (measured === undefined) return undefined;
  const observations = Object.entries(withDerived(definition, measured));
  return Object.fromEntries(observations.map(([metric, { mean }]) => [metric, mean]));
}

function baselineObservations(
  { baseline }: StudyDefinition,
  trials: readonly Trial[],
): Readonly<Observations> | undefined {
  if (baseline !== undefined && 'metrics' in baseline) return observed(baseline.metrics);
  const trial = trials.find(({ number }) => number === BASELINE_TRIAL);
  return trial?.state === 'completed' ? trial.observations : undefined;
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
