import { slackOf } from '../../acquisition/feasibility.ts';
import { observationOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Trial } from '../domain/trial.ts';
import { baselineMetrics, type GuardrailBound } from './guardrail-bounds.ts';
import { guardrailAt, type GuardrailForm } from './guardrail-form.ts';
import { pairedErrors, slackMargin } from './guardrail-margin.ts';
import type { MetricModels } from './metric-models.ts';
import { orientedLine, type SlackLine, tightestConstant } from './tightest-constant.ts';
import { observationAt, type ObservedTrial } from './training-data.ts';

/** One guardrail of a study, its constant to be found. */
export interface OneGuardrail {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  /** Where metrics have noise. */
  readonly models: MetricModels | undefined;
  readonly bounds: readonly GuardrailBound[];
  /** Which of the bounds varies. */
  readonly k: number;
  readonly form: GuardrailForm;
}

/**
 * The strictest constant under which a trial meets one guardrail by its exact value, with the margin that the study keeps
 * (`slackMargin`): on the side that is met, to the last bit.
 *
 * Throws RangeError for multiples of a baseline that is within its margin of 0 (`hasMultiples`).
 */
export function exactConstant(given: OneGuardrail, trial: ObservedTrial): number {
  const { definition, trials, bounds, k, form } = given;
  const guardrail = bounds[k]!;
  const { metric, relation } = guardrail;
  const value = observationAt(definition, trial, metric).mean;
  const baseline = baselineMetrics(definition, trials)?.[metric] ?? 0;
  const room = (c: number): number => {
    const { factor, offset } = guardrailAt(guardrail, form, c);
    const slack = slackOf({ relation, bound: factor * baseline + offset }, value);
    return (
      slack - (slackMargin(definition, trials, { metric, relation, factor }, trial.observations)?.margin ?? 0)
    );
  };
  const looser = relation === '>=' ? -1 : 1;
  let c = closedForm(given, trial, baseline);
  for (let steps = 1; room(c) < 0; steps++) {
    c += looser * steps * Number.EPSILON * Math.max(Math.abs(c), Math.abs(value - c));
  }
  return c;
}

function closedForm(given: OneGuardrail, trial: ObservedTrial, baseline: number): number {
  const { definition, trials, bounds, k, form } = given;
  const guardrail = bounds[k]!;
  const { metric, relation } = guardrail;
  const { mean } = observationAt(definition, trial, metric);
  const sign = relation === '>=' ? 1 : -1;
  const marginAt = (factor: number): number =>
    slackMargin(definition, trials, { metric, relation, factor }, trial.observations)?.margin ?? 0;
  if (form === 'value') return mean - sign * marginAt(0);
  if (form === 'difference') return mean - baseline - sign * marginAt(1);
  const z = definition.guardrailMargin ?? 0;
  const errors = z === 0 ? null : pairedErrors(definition, trials, metric, trial.observations);
  if (!hasMultiples(given, trial)) throw new RangeError(`the baseline's ${metric} is within its margin of 0`);
  // Without a paired error the margin is linear in the constant.
  if (errors === null) return (mean - sign * marginAt(0)) / (baseline + sign * (marginAt(1) - marginAt(0)));
  const line = orientedLine(relation, { value: mean, unit: baseline, ...slackVariances(errors) });
  // Where trial and baseline rank alike, rounding may leave no root of the one that is there.
  return sign * (tightestConstant(line, z) ?? (sign * mean) / baseline);
}

/** Var(m − c·b) = V − 2cC + c²W by three of its values. */
function slackVariances(
  errors: (factor: number) => number,
): Pick<SlackLine, 'valueVariance' | 'covariance' | 'unitVariance'> {
  const [v0, v1, v2] = [0, 1, 2].map((factor) => errors(factor) ** 2) as [number, number, number];
  const unitVariance = (v2 - 2 * v1 + v0) / 2;
  return { valueVariance: v0, covariance: (v0 + unitVariance - v1) / 2, unitVariance };
}

/**
 * Whether a guardrail that is a multiple of the baseline gets looser with its constant: its margin grows by at most z standard
 * errors of the baseline, which must be less than the baseline.
 */
export function hasMultiples(
  { definition, trials, bounds, k, form }: OneGuardrail,
  trial: ObservedTrial,
): boolean {
  if (form !== 'multiple') return true;
  const { metric } = bounds[k]!;
  const z = definition.guardrailMargin ?? 0;
  const baselineTrial = trials.find(({ number }) => number === BASELINE_TRIAL)?.observations ?? {};
  const surely = observationOf(definition, baselineTrial, metric)?.bounds;
  if (surely !== undefined) return surely.lower > 0;
  const errors = z === 0 ? null : pairedErrors(definition, trials, metric, trial.observations);
  if (errors === null) return true;
  const baseline = baselineMetrics(definition, trials)?.[metric] ?? 0;
  return baseline > z * Math.sqrt(slackVariances(errors).unitVariance);
}
