import { combinedValues } from '../gp/linear-combination.ts';
import { posteriorSamples } from '../gp/posterior-samples.ts';
import { jointPosterior } from '../gp/posterior.ts';
import type { Random } from '../math/random.ts';
import { signOf } from './feasibility.ts';
import { priorStddev } from './noisy-expected-improvement.ts';
import { bestFeasible, checkNoisyProblem, type NoisyProblem } from './noisy-problem.ts';

/** One sample of all metrics, and the candidate that it takes for the best. */
export interface ThompsonChoice {
  /** Row of the candidates. */
  readonly index: number;
  /** Whether that candidate is feasible in the sample; else none is, and it violates the guardrails least. */
  readonly feasible: boolean;
}

/**
 * Thompson samples: of each sample of the joint posterior at the candidates, the best feasible one.
 *
 * argmax_i s₀f₀(x_i) over i with s_k(f_k(x_i) − bound_k) ≥ 0 for all k; while there is none, argmin_i of the total
 * violation, in prior standard deviations. Bounds relative to the reference move with its value in the sample.
 *
 * `candidates` m×d in the unit cube; O(m³) a process. Throws RangeError without candidates or on shapes that disagree.
 *
 * Source: Thompson 1933; Kandasamy et al. 2018, arXiv:1705.09236 (batches); Hernández-Lobato et al. 2017 (constraints).
 */
export function thompsonSamples(
  problem: NoisyProblem,
  candidates: Float64Array,
  count: number,
  random: Random,
): readonly ThompsonChoice[] {
  checkNoisyProblem(problem);
  const { processes, guardrails, observed, reference } = problem;
  const { dimension } = processes[0]!;
  const m = candidates.length / dimension;
  if (!(Number.isInteger(m) && m >= 1)) {
    throw new RangeError(`${candidates.length} numbers are not candidates of dimension ${dimension}`);
  }
  const anchor =
    reference === undefined ? [] : observed.subarray(reference * dimension, (reference + 1) * dimension);
  const points = Float64Array.of(...candidates, ...anchor);
  const width = points.length / dimension;
  const samples = processes.map((process) =>
    posteriorSamples(jointPosterior(process, points), count, random),
  );
  const drawn = problem.metrics.map((metric) => combinedValues(metric, samples));

  return Array.from({ length: count }, (_, s): ThompsonChoice => {
    const value = (metric: number, i: number): number => drawn[metric]![s * width + i]!;
    const bounds = guardrails.map(({ metric, factor, offset }) =>
      factor === 0 ? offset : offset + factor * value(metric, m),
    );
    const best = bestFeasible(problem, m, value, bounds);
    if (best.index >= 0) return { index: best.index, feasible: true };
    const violations = Array.from({ length: m }, (_, i) =>
      guardrails.reduce((sum, { metric, relation }, k) => {
        const missed = Math.max(0, signOf(relation) * (bounds[k]! - value(metric, i)));
        return sum + missed / priorStddev(problem, metric);
      }, 0),
    );
    return { index: violations.indexOf(Math.min(...violations)), feasible: false };
  });
}
