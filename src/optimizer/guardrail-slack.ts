import { baselineDifference, gradientMoments, predictDifference } from '../../gp/linear-combination.ts';
import { type Moments, predict } from '../../gp/posterior.ts';
import { normalCdf } from '../../math/normal.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import type { MetricModels } from './metric-models.ts';
import { baselineRow, isNoiseFree, observedTrials } from './training-data.ts';

/** Mean and variance of a guardrail's slack at x in the unit cube, in the metric's units; negative slack violates it. */
export type Slack = (x: Float64Array) => Moments;

/**
 * The slack of a guardrail under the models.
 *
 * slack = ±(f(x) − c·f(x_b) − offset). Where the baseline is a noisy trial, x_b is a point of the same process and both
 * values are taken from their joint posterior: what the baseline's noise does to every difference is counted once. Else
 * the baseline is a number.
 */
export function guardrailSlack(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  models: MetricModels,
  bound: GuardrailBound,
): Slack {
  const { metric, factor, offset, relation } = bound;
  const model = models.get(metric)!;
  const sign = relation === '>=' ? 1 : -1;
  const baseline = baselineRow(trials);
  if (factor === 0 || baseline === undefined || isNoiseFree(definition, [metric])) {
    return (x) => {
      const { mean, variance } = predict(model, x);
      return { mean: sign * (mean - bound.bound), variance };
    };
  }
  const weights = observedTrials(trials)[baseline]!.weights;
  const difference = baselineDifference(model, factor, toUnitCube(encoding, weights));
  const moments = gradientMoments(model.dimension);
  return (x) => {
    predictDifference(difference, x, moments);
    return { mean: sign * (moments.mean - offset), variance: moments.variance };
  };
}

/** P(slack ≥ 0) = Φ(mean/√variance). */
export function probabilityMet(slack: Slack, x: Float64Array): number {
  const { mean, variance } = slack(x);
  return normalCdf(mean / Math.sqrt(variance));
}
