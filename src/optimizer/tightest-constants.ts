import { slackOf } from '../../acquisition/feasibility.ts';
import { CLEAR_VIOLATION_SEMS, DEFAULT_CONFIDENCE } from '../../acquisition/incumbent.ts';
import { normalQuantile } from '../../math/normal-quantile.ts';
import { partsOf } from '../domain/derived-metric.ts';
import { encodeStudy, toUnitCube } from './encode.ts';
import { exactConstant, type OneGuardrail } from './exact-constant.ts';
import { baselineMetrics, guardrailBounds } from './guardrail-bounds.ts';
import { withMargins } from './guardrail-margin.ts';
import { guardrailSlack } from './guardrail-slack.ts';
import { type MetricModels, predictMetric } from './metric-models.ts';
import { pooledObservations } from './repeated-weights.ts';
import { orientedLine, type SlackLine, tightestConstant } from './tightest-constant.ts';
import { baselineRow, isNoiseFree, observationAt, observedTrials } from './training-data.ts';
import { noisyFeasibility } from './trial-feasibility.ts';

/**
 * For each observed trial the strictest constant of one guardrail under which the trial counts as feasible, the other
 * guardrails as they are; undefined where those rule it out.
 *
 * Without noise: by observed values, with the margin where the study has one. With noise: P(all guardrails) reaches the study's
 * confidence, and the trial's own observation misses the bound by no more than three standard errors.
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

type LineOf = (row: number) => SlackLine;

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
      return orientedLine(bound.relation, line(mean - constant, unit, variance));
    }
    const joint = difference(inputs[i]!);
    if (form === 'difference') return orientedLine(bound.relation, line(joint.mean, 1, joint.variance));
    return orientedLine(bound.relation, {
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
    if (form === 'value') return orientedLine(bound.relation, line(mean, 1, variance));
    if (form === 'difference')
      return orientedLine(bound.relation, line(mean - baseline.mean, 1, variance + baseline.variance));
    return orientedLine(bound.relation, {
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
