import { fitHyperparameters } from '../../gp/fit.ts';
import type { Hyperparameters } from '../../gp/hyperparameters.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { encodeStudy } from './encode.ts';
import { metricScale } from './metric-scale.ts';
import { trainingData } from './training-data.ts';

/** The hyperparameters of one metric's Gaussian process, from the observed trials. */
export function fitMetric(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
): Hyperparameters {
  const scale = metricScale(definition, trials, metric);
  return fitHyperparameters(trainingData(definition, encodeStudy(definition), trials, metric, scale));
}
