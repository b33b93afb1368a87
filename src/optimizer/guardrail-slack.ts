import { baselineDifference, gradientMoments, predictDifference } from '../../gp/linear-combination.ts';
import type { Moments } from '../../gp/posterior.ts';
import { normalCdf } from '../../math/normal.ts';
import { partsOf, termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import { type MetricModels, predictMetric } from './metric-models.ts';
import { baselineRow, isNoiseFree, observedTrials } from './training-data.ts';

/** Mean and variance of a guardrail's slack at x in the unit cube, in the metric's units; negative slack violates it. */
export type Slack = (x: Float64Array) => Moments;

/**
 * The slack of a guardrail under the models.
 *
 * slack = ±(f(x) − c·f(x_b) − offset), f the metric or, where that is derived, Σ a_k f_k + constant. Where the baseline is a
 * noisy trial, x_b is a point of the same processes and both values of each are taken from their joint posterior: what the
 * baseline's noise does to every difference is counted once. Else the baseline is a number.
 */
export function guardrailSlack(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  models: MetricModels,
  bound: GuardrailBound,
): Slack {
  const { metric, factor, offset, relation } = bound;
  const sign = relation === '>=' ? 1 : -1;
  const baseline = baselineRow(trials);
  if (factor === 0 || baseline === undefined || isNoiseFree(definition, partsOf(definition, metric))) {
    return (x) => {
      const { mean, variance } = predictMetric(definition, models, metric, x);
      return { mean: sign * (mean - bound.bound), variance };
    };
  }
  const weights = observedTrials(trials)[baseline]!.weights;
  const baselineInput = toUnitCube(encoding, weights);
  const { terms, constant } = termsOf(definition, metric);
  const differences = terms.map(({ part }) => baselineDifference(models.get(part)!, factor, baselineInput));
  const moments = gradientMoments(baselineInput.length);
  return (x) => {
    let mean = (1 - factor) * constant;
    let variance = 0;
    for (const [k, { coefficient }] of terms.entries()) {
      predictDifference(differences[k]!, x, moments);
      mean += coefficient * moments.mean;
      variance += coefficient * coefficient * moments.variance;
    }
    return { mean: sign * (mean - offset), variance };
  };
}

/** P(slack ≥ 0) = Φ(mean/√variance). */
export function probabilityMet(slack: Slack, x: Float64Array): number {
  const { mean, variance } = slack(x);
  return normalCdf(mean / Math.sqrt(variance));
}
