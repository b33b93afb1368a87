import { CLEAR_VIOLATION_SEMS, DEFAULT_CONFIDENCE } from '../../acquisition/incumbent.ts';
import { normalQuantile } from '../../math/normal-quantile.ts';
import { observationOf, partsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Trial } from '../domain/trial.ts';
import { encodeStudy, toUnitCube } from './encode.ts';
import { baselineMetrics, type GuardrailBound, guardrailBounds, slackOf } from './guardrail-bounds.ts';
import { guardrailAt, type GuardrailForm } from './guardrail-form.ts';
import { pairedErrors, slackMargin, withMargins } from './guardrail-margin.ts';
import { guardrailSlack } from './guardrail-slack.ts';
import { type MetricModels, predictMetric } from './metric-models.ts';
import { pooledObservations } from './repeated-weights.ts';
import { type SlackLine, tightestConstant } from './tightest-constant.ts';
import {
  baselineRow,
  isNoiseFree,
  observationAt,
  type ObservedTrial,
  observedTrials,
} from './training-data.ts';
import { noisyFeasibility } from './trial-feasibility.ts';

interface OneGuardrail {
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
 * For each observed trial the strictest constant of one guardrail under which the trial counts as feasible, the other
 * guardrails as they are; undefined where those rule it out.
 *
 * Without noise: by observed values, less the margin where the study has one. With noise: P(all guardrails) reaches the study's confidence, and the trial's own
 * observation misses the bound by no more than three standard errors.
 */
export function tightestConstants(given: OneGuardrail): readonly (number | undefined)[] {
  const { definition, trials, models, bounds, k } = given;
  const bound = bounds[k]!;
  const others = bounds.filter((_, i) => i !== k);
  const observed = observedTrials(trials);
  const exact = observed.map((trial) => exactConstant(given, trial));
  if (models === undefined) {
    const steered = withMargins(definition, trials);
    const steeredOthers = guardrailBounds(steered.definition, steered.trials)!.filter((_, i) => i !== k);
    return observedTrials(steered.trials).map((trial, i) =>
      steeredOthers.every(
        (other) => slackOf(other, observationAt(steered.definition, trial, other.metric).mean) >= 0,
      )
        ? exact[i]
        : undefined,
    );
  }
  const isExact = isNoiseFree(definition, partsOf(definition, bound.metric));
  const byPosterior = isExact ? undefined : posteriorLines(given, models);
  const byObservation = isExact ? undefined : observationLines(given, models);
  const sign = bound.relation === '>=' ? 1 : -1;
  const confidence = definition.confidence ?? DEFAULT_CONFIDENCE;
  return noisyFeasibility(definition, trials, models, others).map((rest, i) => {
    if (rest.violation > CLEAR_VIOLATION_SEMS) return undefined;
    const needed = confidence / rest.probabilityFeasible();
    if (byPosterior === undefined || byObservation === undefined) return needed <= 1 ? exact[i] : undefined;
    if (needed >= 1) return undefined;
    const posterior = byPosterior(i);
    const observation = byObservation(i);
    // A baseline that noise alone made positive has no multiples.
    if (!(posterior.unit > 0 && observation.unit > 0)) return undefined;
    const likely = tightestConstant(posterior, normalQuantile(needed));
    const observable = tightestConstant(observation, -CLEAR_VIOLATION_SEMS);
    return likely === undefined ? undefined : sign * Math.min(likely, observable!);
  });
}

/** The constant whose bound the trial just meets, its margin kept, to the last bit on the side that is met. */
function exactConstant({ definition, trials, bounds, k, form }: OneGuardrail, trial: ObservedTrial): number {
  const guardrail = bounds[k]!;
  const { metric, relation } = guardrail;
  const value = observationAt(definition, trial, metric).mean;
  const baseline = baselineMetrics(definition, trials)?.[metric] ?? 0;
  const looser = relation === '>=' ? -1 : 1;
  const room = (c: number): number => {
    const { factor, offset } = guardrailAt(guardrail, form, c);
    const slack = slackOf({ relation, bound: factor * baseline + offset }, value);
    return slack - (slackMargin(definition, trials, { metric, factor }, trial.observations)?.margin ?? 0);
  };
  let c = marginedConstant(definition, trials, guardrail, form, trial, baseline);
  for (let steps = 1; room(c) < 0; steps++) {
    c += looser * steps * Number.EPSILON * Math.max(Math.abs(c), Math.abs(value - c));
  }
  return c;
}

/** The same in closed form: the variance of m − c·b is a quadratic in c. */
function marginedConstant(
  definition: StudyDefinition,
  trials: readonly Trial[],
  guardrail: GuardrailBound,
  form: GuardrailForm,
  trial: ObservedTrial,
  baseline: number,
): number {
  const { metric, relation } = guardrail;
  const { mean } = observationAt(definition, trial, metric);
  const sign = relation === '>=' ? 1 : -1;
  const at = (factor: number): number =>
    slackMargin(definition, trials, { metric, factor }, trial.observations)?.margin ?? 0;
  if (form === 'value') return mean - sign * at(0);
  if (form === 'difference') return mean - baseline - sign * at(1);
  const z = definition.guardrailMargin ?? 0;
  if (z === 0) return mean / baseline;
  const errors = pairedErrors(definition, trials, metric, trial.observations);
  if (errors === null) return (mean - sign * at(1)) / baseline;
  const ofBaseline = trials.find(({ number }) => number === BASELINE_TRIAL)!.observations;
  const unitVariance = observationOf(definition, ofBaseline, metric)!.sem! ** 2;
  const valueVariance = errors(0) ** 2;
  const covariance = (valueVariance + unitVariance - errors(1) ** 2) / 2;
  const margined = { value: mean, unit: baseline, valueVariance, covariance, unitVariance };
  // Rounding may leave no root where trial and baseline rank alike.
  return sign * (tightestConstant(oriented(guardrail, margined), z) ?? sign * (mean / baseline));
}

type LineOf = (row: number) => SlackLine;

/** As "at least": a guardrail from above turned round, its constant too. */
function oriented({ relation }: GuardrailBound, line: SlackLine): SlackLine {
  return relation === '>=' ? line : { ...line, value: -line.value, covariance: -line.covariance };
}

/** Under the models: the metric and, where that is a noisy trial, the baseline from their joint posterior. */
function posteriorLines({ definition, trials, bounds, k, form }: OneGuardrail, models: MetricModels): LineOf {
  const encoding = encodeStudy(definition);
  const bound = bounds[k]!;
  const { metric } = bound;
  const observed = observedTrials(trials);
  const row = baselineRow(trials);
  const given = baselineMetrics(definition, trials)?.[metric] ?? 0;
  const inputs = observed.map(({ weights }) => toUnitCube(encoding, weights));
  const at = (i: number) => predictMetric(definition, models, metric, inputs[i]!);
  const ofDifference = { ...bound, relation: '>=', factor: 1, offset: 0 } as const;
  const difference = guardrailSlack(definition, encoding, trials, models, ofDifference);
  const reference = form === 'value' || row === undefined ? undefined : at(row);
  return (i) => {
    const { mean, variance } = at(i);
    if (reference === undefined) {
      const constant = form === 'difference' ? given : 0;
      const unit = form === 'multiple' ? given : 1;
      return oriented(bound, line(mean - constant, unit, variance));
    }
    const joint = difference(inputs[i]!);
    if (form === 'difference') return oriented(bound, line(joint.mean, 1, joint.variance));
    return oriented(bound, {
      value: mean,
      unit: reference.mean,
      valueVariance: variance,
      covariance: (variance + reference.variance - joint.variance) / 2,
      unitVariance: reference.variance,
    });
  };
}

/** By what was observed at each trial's weights; the baseline's error is taken as independent. */
function observationLines(
  { definition, trials, bounds, k, form }: OneGuardrail,
  models: MetricModels,
): LineOf {
  const bound = bounds[k]!;
  const pooled = pooledObservations(definition, models, observedTrials(trials), bound.metric);
  const row = baselineRow(trials);
  const given = baselineMetrics(definition, trials)?.[bound.metric] ?? 0;
  const baseline = row === undefined ? { mean: given, variance: 0 } : pooled[row]!;
  return (i) => {
    const { mean, variance } = pooled[i]!;
    if (form === 'value') return oriented(bound, line(mean, 1, variance));
    if (form === 'difference')
      return oriented(bound, line(mean - baseline.mean, 1, variance + baseline.variance));
    return oriented(bound, {
      value: mean,
      unit: baseline.mean,
      valueVariance: variance,
      covariance: 0,
      unitVariance: baseline.variance,
    });
  };
}

function line(value: number, unit: number, variance: number): SlackLine {
  return { value, unit, valueVariance: variance, covariance: 0, unitVariance: 0 };
}
