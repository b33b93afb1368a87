import type { GaussianProcess } from '../gp/gaussian-process.ts';
import { combinedVariance } from '../gp/linear-combination.ts';
import { priorVariance } from '../gp/posterior.ts';
import { logConstrainedExpectedImprovement } from './constrained-expected-improvement.ts';
import { bestFeasible, fittedMetrics, type NoisyProblem, type NoisyTrials } from './noisy-problem.ts';

/** Observed points that are sampled jointly: far more than are ever best in some sample, few enough to factor. */
export const MOST_POINTS = 64;

/**
 * The observed points that may turn out the best, likeliest first, each location once; the reference before them.
 *
 * Ranked by the log constrained EI over the best posterior mean, with the noise as an upper bound of the variance:
 * what a point's own observation leaves of it. O(n) a metric: at observation i the mean is y_i − noise_i α_i.
 *
 * Returns rows of `observed`, at most 64 and the reference.
 */
export function baselinePoints(problem: NoisyProblem): readonly number[] {
  const { processes, objective, guardrails, observed, reference } = problem;
  const size = observed.length / processes[0]!.dimension;
  const means = fittedMetrics(problem);
  const value = (metric: number, i: number): number => means[metric]![i]!;
  const bounds = guardrails.map(
    ({ metric, factor, offset }) => offset + (factor === 0 ? 0 : factor * value(metric, reference!)),
  );
  const best = bestFeasible(problem, size, value, bounds);
  const outcomes = [objective.metric, ...guardrails.map(({ metric }) => metric)];
  const fixed = guardrails.map(({ relation }, k) => ({ bound: bounds[k]!, relation }));
  const unused = outcomes.map(() => new Float64Array(outcomes.length));
  const scores = Float64Array.from({ length: size }, (_, i) => {
    const at = Float64Array.from(outcomes, (metric, k) => (k === 0 ? objective.sign : 1) * value(metric, i));
    const bound = varianceBounds(problem, i);
    const variances = Float64Array.from(outcomes, (metric) => bound[metric]!);
    const incumbent = best.index < 0 ? undefined : best.value;
    return logConstrainedExpectedImprovement(incumbent, fixed, at, variances, unused[0]!, unused[0]!.slice());
  });

  return likeliestRows(problem, scores);
}

/** The observed rows by falling score, each location once, at most so many; the reference before them. */
export function likeliestRows(
  { processes, observed, reference }: NoisyTrials,
  scores: ArrayLike<number>,
  most = MOST_POINTS,
): readonly number[] {
  const { dimension } = processes[0]!;
  const size = observed.length / dimension;
  const ranked = Array.from({ length: size }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const seen = new Set<string>();
  const rows = reference === undefined ? ranked : [reference, ...ranked];
  const distinct = rows.filter((i) => {
    const location = observed.subarray(i * dimension, (i + 1) * dimension).join();
    return !seen.has(location) && seen.add(location);
  });
  return distinct.slice(0, most + (reference === undefined ? 0 : 1));
}

/** What a point's own observation leaves of each metric's variance there: an upper bound of the posterior's, raw. */
export function varianceBounds(
  { processes, metrics }: Pick<NoisyTrials, 'processes' | 'metrics'>,
  i: number,
): Float64Array {
  const ofParts = Float64Array.from(processes, (process) => varianceBound(process, i));
  return Float64Array.from(metrics, (metric) => combinedVariance(metric, ofParts));
}

function varianceBound(process: GaussianProcess, i: number): number {
  return Math.min(process.noise[i]!, priorVariance(process)) * process.standardization.stddev ** 2;
}
