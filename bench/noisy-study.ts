import { samplePolytope } from '../math/polytope/sampling.ts';
import { type Random, randomStream } from '../math/random.ts';
import type { StudyDefinition } from '../src/domain/study.ts';
import type { Observations, Trial, Weights } from '../src/domain/trial.ts';
import { bestTrial } from '../src/optimizer/best-trial.ts';
import { encodeStudy, toWeights } from '../src/optimizer/encode.ts';
import { fitMetric } from '../src/optimizer/fit-metric.ts';
import { guardrailBounds, slackOf } from '../src/optimizer/guardrail-bounds.ts';
import { metricModels } from '../src/optimizer/metric-models.ts';
import { modelledMetrics, firstObjective } from '../src/optimizer/metric-roles.ts';
import { baselineTrial } from '../src/service/baseline-trial.ts';
import type { Measure, Problem } from './problems/problem.ts';
import { completed, measuredBaseline, nextCandidate, running } from './run-study.ts';

/** Standard error of each measurement, as a share of what its metric ranges over the weights. */
export const NOISE_SHARE = 0.02;

/** Points that the range is taken over: the same for every seed. */
const RANGE_SAMPLES = 2000;

/** What the trial that the study names as its best is worth in truth. */
export interface NamedTrial {
  /** The objective without noise. */
  readonly value: number;
  /** Whether it meets every guardrail without noise, the baseline's included. */
  readonly feasible: boolean;
}

/**
 * Runs the problem with Gaussian noise whose standard error each observation brings, batch by batch; the trials of a batch
 * are chosen one after another with the earlier ones running.
 *
 * Returns what the study names after each batch; undefined where it names none.
 */
export function runNoisyStudy(
  { study, measure }: Problem,
  seed: number,
  batch: number,
  batches: number,
): readonly (NamedTrial | undefined)[] {
  const exact = study(seed);
  const definition = withKnownNoise(exact);
  const observe = noisyMeasure(exact, measure, randomStream(seed, 'bench', 'noise'));
  const baseline = baselineTrial(definition);
  const trials: Trial[] =
    baseline === undefined || baseline.weights === null
      ? []
      : [completed(baseline, observe(baseline.weights))];
  return Array.from({ length: batches }, (_, round) => {
    const chosen: Trial[] = [];
    for (let i = 1; i <= batch; i++) {
      chosen.push(running(round * batch + i, nextCandidate(definition, [...trials, ...chosen])));
    }
    trials.push(...chosen.map((trial) => completed(trial, observe(trial.weights!))));
    return namedTrial(exact, definition, trials, measure);
  });
}

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

function namedTrial(
  exact: StudyDefinition,
  noisy: StudyDefinition,
  trials: readonly Trial[],
  measure: Measure,
): NamedTrial | undefined {
  const fitted = Object.fromEntries(
    modelledMetrics(noisy).map((metric) => [metric, fitMetric(noisy, trials, metric)]),
  );
  const named = bestTrial(noisy, trials, metricModels(noisy, encodeStudy(noisy), trials, fitted));
  if (named === undefined) return undefined;
  const truth = measure(named.weights);
  const bounds = guardrailBounds(exact, measuredBaseline(exact, measure))!;
  return {
    value: truth[firstObjective(exact).metric]!,
    feasible: bounds.every((bound) => slackOf(bound, truth[bound.metric]!) >= 0),
  };
}
