import { termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observation, Observations } from '../domain/trial.ts';
import type { MetricModels } from './metric-models.ts';
import { noiseKind } from './training-data.ts';

/** The noise variance of a metric as a trial observed it, raw units²; of a derived one Σ a_k² times that of part k. */
export function observationVariance(
  definition: StudyDefinition,
  models: MetricModels,
  metric: string,
  observations: Readonly<Observations>,
): number {
  const { terms } = termsOf(definition, metric);
  return terms.reduce(
    (sum, { part, coefficient }) =>
      sum + coefficient ** 2 * measuredVariance(definition, models, part, observations[part]!),
    0,
  );
}

/** 0 without noise, sem², or what the model infers. */
function measuredVariance(
  definition: StudyDefinition,
  models: MetricModels,
  metric: string,
  { sem }: Observation,
): number {
  const kind = noiseKind(definition, metric);
  if (kind === 'none') return 0;
  if (kind === 'known' && sem !== null) return sem ** 2;
  const { hyperparameters, standardization } = models.get(metric)!;
  return hyperparameters.noiseVariance * standardization.stddev ** 2;
}
