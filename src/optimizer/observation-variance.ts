import type { StudyDefinition } from '../domain/study.ts';
import type { Observation } from '../domain/trial.ts';
import type { MetricModels } from './metric-models.ts';
import { noiseKind } from './training-data.ts';

/** The noise variance of one observation, raw units²: 0 without noise, sem², or what the model infers. */
export function observationVariance(
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
