import { samplePolytope } from '../../../math/polytope/sampling.ts';
import type { Random } from '../../../math/random.ts';
import { GUARDRAILS, HEAD_COUNT, OBJECTIVE, SIGNS } from './heads.ts';
import { WEIGHT_SPACE } from './weight-space.ts';

/** Metrics of a weight vector, one a head. */
export type MetricsOfWeights = (weights: ArrayLike<number>) => Float64Array;

export interface SearchSize {
  /** Weights drawn uniformly, then steps from the best so far. */
  readonly uniform: number;
  readonly steps: number;
}

/** The weights found, and their metrics. */
export interface BestWeights {
  readonly weights: Float64Array;
  readonly metrics: Float64Array;
}

/**
 * By how much the worst guardrail is missed, as a share of the baseline's metric; negative where all are met. `tightened` moves
 * all bounds by such a share.
 */
export function violation(metrics: Float64Array, baseline: Float64Array, tightened = 0): number {
  const missed = GUARDRAILS.map(
    ({ head, factor }) => SIGNS[head]! * (factor - metrics[head]! / baseline[head]!),
  );
  return Math.max(...missed) + tightened;
}

/** m(w)/m(baseline) − 1 of the objective. */
export function objectiveLift(metrics: Float64Array, baseline: Float64Array): number {
  return metrics[OBJECTIVE]! / baseline[OBJECTIVE]! - 1;
}

/** Steps shrink from this share of the simplex to less than a hundredth of it. */
const FIRST_STEP = 0.2;
const LAST_STEP = 0.01;

/**
 * The best objective among weights that meet the guardrails, by a search that starts from the baseline, which always does:
 * uniform draws, then random steps from the best so far, which shrink.
 */
export function bestWeights(
  metricsOf: MetricsOfWeights,
  baseline: Float64Array,
  { uniform, steps }: SearchSize,
  random: Random,
  tightened = 0,
): BestWeights {
  const reference = metricsOf(baseline);
  let best: BestWeights = { weights: baseline, metrics: reference };
  const consider = (weights: Float64Array): void => {
    const metrics = metricsOf(weights);
    if (!(metrics[OBJECTIVE]! > best.metrics[OBJECTIVE]!)) return;
    if (violation(metrics, reference, tightened) <= 0) best = { weights, metrics };
  };
  for (const weights of samplePolytope(WEIGHT_SPACE, uniform, random)) consider(weights);
  for (let i = 0; i < steps; i++) {
    consider(stepFrom(best.weights, FIRST_STEP * (LAST_STEP / FIRST_STEP) ** (i / steps), random));
  }
  return best;
}

/** A normal step within the simplex's plane; weights that it would make negative stay at 0. */
export function stepFrom(weights: Float64Array, size: number, random: Random): Float64Array {
  const moves = Array.from({ length: HEAD_COUNT }, () => size * random.normal());
  const mean = moves.reduce((sum, move) => sum + move, 0) / HEAD_COUNT;
  const moved = weights.map((weight, t) => Math.max(0, weight + moves[t]! - mean));
  const total = moved.reduce((sum, weight) => sum + weight, 0);
  return moved.map((weight) => weight / total);
}
