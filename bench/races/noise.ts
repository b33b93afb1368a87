import { samplePolytope } from '../../math/polytope/sampling.ts';
import { type Random, randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observations, Weights } from '../../src/domain/trial.ts';
import { encodeStudy, toWeights } from '../../src/optimizer/encode.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import type { Measure } from '../problems/problem.ts';

/** Standard error of each measurement, as a share of what its metric ranges over the weights. */
export const NOISE_SHARE = 0.02;

/** Points that the range is taken over: the same for every seed. */
const RANGE_SAMPLES = 2000;

/** The study with every metric bringing its standard error. */
export function withKnownNoise(exact: StudyDefinition): StudyDefinition {
  const metrics = modelledMetrics(exact);
  return {
    ...exact,
    metrics: Object.fromEntries(
      metrics.map((metric) => [metric, { ...exact.metrics[metric], noise: 'known' }]),
    ),
  };
}

/** The measurement with Gaussian noise, whose standard error it brings. */
export function noisyMeasure(
  definition: StudyDefinition,
  measure: Measure,
  random: Random,
): (weights: Weights) => Observations {
  const encoding = encodeStudy(definition);
  const sampled = samplePolytope(encoding.polytope, RANGE_SAMPLES, randomStream(0, 'bench', 'range')).map(
    (point) => measure(toWeights(encoding, point)),
  );
  const errors = modelledMetrics(definition).map((metric): readonly [string, number] => {
    const values = sampled.map((metrics) => metrics[metric]!);
    return [metric, NOISE_SHARE * (Math.max(...values) - Math.min(...values))];
  });
  return (weights) => {
    const truth = measure(weights);
    return Object.fromEntries(
      errors.map(([metric, sem]) => [metric, { mean: truth[metric]! + sem * random.normal(), sem }]),
    );
  };
}
