import type { JointPosterior } from '../../../gp/posterior.ts';
import type { Lifts } from './lifts.ts';

/** A probability by Monte Carlo, and its standard error √(p(1 − p)/S). */
export interface SampledProbability {
  readonly probability: number;
  readonly standardError: number;
}

export interface ArmProbabilities {
  /** Of being the best that meets all guardrails. */
  readonly best: SampledProbability;
  /** Of meeting all guardrails. */
  readonly feasible: SampledProbability;
  /** Of being better than the first point, whatever the guardrails say. */
  readonly better: SampledProbability;
}

/**
 * P(best), P(feasible) and P(better than the baseline) of every point, from joint draws.
 *
 * In each draw a point is feasible where all its slacks are ≥ 0, and the best is the feasible one of the largest objective, the
 * first of equal ones. Where none is feasible none is best, so that P(best) adds up to the probability that some is.
 *
 * `objective` S×m row-major, more is better, the baseline first; `slacks` one S×m a guardrail. Draws of metrics that are
 * modelled apart may be paired in any order. Throws RangeError on lengths that disagree or no draw.
 */
export function armProbabilities(
  objective: Float64Array,
  slacks: readonly Float64Array[],
  points: number,
): readonly ArmProbabilities[] {
  const draws = objective.length / points;
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new RangeError(`${objective.length} samples are not draws of ${points} points`);
  }
  const wrong = slacks.find(({ length }) => length !== objective.length);
  if (wrong !== undefined) throw new RangeError(`${wrong.length} slacks of ${objective.length} samples`);
  const best = new Float64Array(points);
  const feasible = new Float64Array(points);
  const better = new Float64Array(points);
  for (let at = 0; at < objective.length; at += points) {
    let leader = -1;
    for (let i = 0; i < points; i++) {
      const value = objective[at + i]!;
      if (value > objective[at]!) better[i]! += 1;
      if (!slacks.every((slack) => slack[at + i]! >= 0)) continue;
      feasible[i]! += 1;
      if (leader < 0 || value > objective[at + leader]!) leader = i;
    }
    if (leader >= 0) best[leader]! += 1;
  }
  const sampled = (count: number): SampledProbability => {
    const probability = count / draws;
    return { probability, standardError: Math.sqrt((probability * (1 - probability)) / draws) };
  };
  return Array.from({ length: points }, (_, i) => ({
    best: sampled(best[i]!),
    feasible: sampled(feasible[i]!),
    better: sampled(better[i]!),
  }));
}

/**
 * What lifts alone say, without a model: the normal posterior under a flat prior, the control first with a lift of 0.
 */
export function posteriorOfLifts({ arms, estimates, covariance }: Lifts): JointPosterior {
  const { length: count } = arms;
  const points = count + 1;
  const mean = new Float64Array(points);
  mean.set(estimates, 1);
  const joint = new Float64Array(points * points);
  for (let i = 0; i < count; i++) {
    joint.set(covariance.subarray(i * count, (i + 1) * count), (i + 1) * points + 1);
  }
  return { mean, covariance: joint };
}
