import { fittedValues } from '../../gp/fitted-values.ts';
import { condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import { combinedValues, type LinearCombination } from '../../gp/linear-combination.ts';
import { type Moments, predict } from '../../gp/posterior.ts';
import { termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { StudyEncoding } from './encode.ts';
import { metricScale } from './metric-scale.ts';
import { modelledMetrics } from './metric-roles.ts';
import { trainingData } from './training-data.ts';

/** Fitted hyperparameters by metric. */
export type FittedMetrics = Readonly<Record<string, Hyperparameters>>;

/** One process a measured metric that steers the study, in the order of `modelledMetrics`. */
export type MetricModels = ReadonlyMap<string, GaussianProcess>;

/** The process of each metric given the trials that have it, the observed ones first; `fitted` has the hyperparameters of them all. */
export function metricModels(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): MetricModels {
  return new Map(
    modelledMetrics(definition).map((metric) => [
      metric,
      metricModel(definition, encoding, trials, metric, fitted[metric]!),
    ]),
  );
}

/** The process of one measured metric given the observed trials. */
export function metricModel(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  metric: string,
  hyperparameters: Hyperparameters,
): GaussianProcess {
  const scale = metricScale(definition, trials, metric);
  return condition(trainingData(definition, encoding, trials, metric, scale), hyperparameters);
}

/** A metric, derived or not, as a combination of the models, by their order. */
export function combinationOf(
  definition: StudyDefinition,
  models: MetricModels,
  metric: string,
): LinearCombination {
  const names = [...models.keys()];
  const { terms, constant } = termsOf(definition, metric);
  return {
    terms: terms.map(({ part, coefficient }) => ({ part: names.indexOf(part), coefficient })),
    constant,
  };
}

/** The posterior of a metric, derived or not, at x in the unit cube. */
export function predictMetric(
  definition: StudyDefinition,
  models: MetricModels,
  metric: string,
  x: Float64Array,
): Moments {
  const { terms, constant } = termsOf(definition, metric);
  let mean = constant;
  let variance = 0;
  for (const { part, coefficient } of terms) {
    const moments = predict(models.get(part)!, x);
    mean += coefficient * moments.mean;
    variance += coefficient * coefficient * moments.variance;
  }
  return { mean, variance };
}

/** The posterior means of a metric, derived or not, at the observed trials, of which there are `count`. */
export function fittedMetric(
  definition: StudyDefinition,
  models: MetricModels,
  metric: string,
  count: number,
): Float64Array {
  const { terms, constant } = termsOf(definition, metric);
  const fitted = terms.map(({ part }) => fittedValues(models.get(part)!).subarray(0, count));
  const ofTerms = terms.map(({ coefficient }, k) => ({ part: k, coefficient }));
  return combinedValues({ terms: ofTerms, constant }, fitted);
}
