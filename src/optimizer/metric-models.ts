import { condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { StudyEncoding } from './encode.ts';
import { metricScale } from './metric-scale.ts';
import { modelledMetrics } from './metric-roles.ts';
import { trainingData } from './training-data.ts';

/** Fitted hyperparameters by metric. */
export type FittedMetrics = Readonly<Record<string, Hyperparameters>>;

/** One process a metric that steers the study, in the order of `modelledMetrics`. */
export type MetricModels = ReadonlyMap<string, GaussianProcess>;

/** The process of each metric given the observed trials; `fitted` has the hyperparameters of them all. */
export function metricModels(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): MetricModels {
  return new Map(
    modelledMetrics(definition).map((metric) => {
      const scale = metricScale(definition, trials, metric);
      const data = trainingData(definition, encoding, trials, metric, scale);
      return [metric, condition(data, fitted[metric]!)];
    }),
  );
}
