import { fitHyperparameters } from '../../gp/fit.ts';
import { logPosterior } from '../../gp/log-posterior.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { metricScale } from '../../src/optimizer/metric-scale.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import { trainingData } from '../../src/optimizer/training-data.ts';
import type { Problem } from '../problems/problem.ts';
import { studyHistory } from './study-history.ts';

/**
 * What the fit to a subset loses of the log posterior of all observations, per observation, for each of the first
 * `metrics`.
 *
 * (log p(θ_all) − log p(θ_subset))/n, both of all n observations.
 */
export function posteriorLosses(
  problem: Problem,
  seed: number,
  observations: number,
  metrics: number,
): readonly number[] {
  const { definition, trials } = studyHistory(problem, seed, observations, false);
  const encoding = encodeStudy(definition);
  return modelledMetrics(definition)
    .slice(0, metrics)
    .map((metric) => {
      const scale = metricScale(definition, trials, metric);
      const data = trainingData(definition, encoding, trials, metric, scale);
      const subset = fitHyperparameters(data);
      const all = fitHyperparameters(data, { mostFitted: data.y.length });
      return (all.logPosterior - logPosterior(data, subset)) / data.y.length;
    });
}
