import { appendObservation } from '../../gp/gaussian-process.ts';
import { predict } from '../../gp/posterior.ts';
import type { Weights } from '../domain/trial.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import type { MetricModels } from './metric-models.ts';

/**
 * The models with each running trial's own mean as its outcome, one after another, so that none is proposed twice.
 *
 * Source: Ginsbourger, Le Riche & Carraro 2010, Kriging is well-suited to parallelize optimization (kriging believer).
 */
export function believe(
  encoding: StudyEncoding,
  models: MetricModels,
  running: readonly { readonly weights: Weights }[],
): MetricModels {
  const points = running.map(({ weights }) => toUnitCube(encoding, weights));
  return new Map(
    [...models].map(([metric, model]) => [
      metric,
      points.reduce((given, x) => appendObservation(given, x, predict(given, x).mean), model),
    ]),
  );
}
