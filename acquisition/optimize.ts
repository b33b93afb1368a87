import {
  maximizeOverPolytope,
  type LocalMaximum,
  type SmoothFunction,
} from '../math/polytope/maximize-over-polytope.ts';
import type { Polytope } from '../math/polytope/polytope.ts';
import { roundToPolytope } from '../math/polytope/rounding.ts';
import { samplePolytope } from '../math/polytope/sampling.ts';
import type { Random } from '../math/random.ts';
import { chainGradient, encode, unitCubeEncoding, type Encoding } from './encoding.ts';
import { isSeparated, NoRoomError, type Neighbours } from './separation.ts';
import { climbingStarts, neighboursOf, type Scored } from './starts.ts';

/** The value at a point of the unit cube, to be maximised, writing its gradient. */
export type Criterion = (x: Float64Array, gradient: Float64Array) => number;

/** Uniform samples scored: in 20 dimensions one lies within the basin of most optima, at the cost of a few climbs. */
const UNIFORM_SAMPLES = 384;

/** Climbs from uniform samples, and from the neighbourhood of all incumbents. */
const UNIFORM_STARTS = 6;
const INCUMBENT_STARTS = 2;

export interface SearchContext extends Neighbours {
  /** Weights near which to start as well: the best trials so far. */
  readonly incumbents: readonly ArrayLike<number>[];
  readonly random: Random;
  /** How weights become the criterion's x; the unit cube over the free weights unless given. */
  readonly encoding?: Encoding;
}

export interface CandidatePoint {
  /** d; rounded onto the polytope's decimals. */
  readonly w: Float64Array;
  /** The criterion at w. */
  readonly value: number;
  readonly generator: 'criterion-maximum' | 'uniform-sample';
  /** Why this generator, in words. */
  readonly reason: string;
  /** Every climb's end, best first. */
  readonly optima: readonly LocalMaximum[];
}

/**
 * The weights to try next: the best local maximum of a criterion that is not too close to what is pending or known.
 *
 * Climbs start from the peaks among 384 uniform samples and among neighbours of the incumbents. Where
 * no climb ends far enough from all pending and completed points, the best-scoring sample that is takes its place.
 *
 * Throws `NoRoomError` when not one sample is far enough.
 */
export function chooseCandidate(
  polytope: Polytope,
  criterion: Criterion,
  context: SearchContext,
): CandidatePoint {
  const { random, incumbents, encoding = unitCubeEncoding(polytope) } = context;
  const f = criterionOfWeights(criterion, encoding);
  const samples = scored(samplePolytope(polytope, UNIFORM_SAMPLES, random), f);
  const nearby = scored(neighboursOf(polytope, incumbents, random), f);
  const starts = [
    ...climbingStarts(polytope, samples, UNIFORM_STARTS),
    ...climbingStarts(polytope, nearby, INCUMBENT_STARTS),
  ];
  const optima = maximizeOverPolytope(polytope, f, starts)
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => b.value - a.value);

  for (const [rank, optimum] of optima.entries()) {
    const w = roundToPolytope(polytope, optimum.w);
    if (!isSeparated(polytope, w, context)) continue;
    const reason =
      rank === 0
        ? `best of ${optima.length} climbs`
        : `best of ${optima.length} climbs that is not too close to a pending or completed point (rank ${rank + 1})`;
    return { w, value: valueAt(f, w), generator: 'criterion-maximum', reason, optima };
  }
  for (const sample of samples) {
    const w = roundToPolytope(polytope, sample.w);
    if (!isSeparated(polytope, w, context)) continue;
    const reason =
      optima.length === 0
        ? 'the criterion was finite at no start'
        : `all ${optima.length} climbs ended too close to a pending or completed point`;
    return { w, value: valueAt(f, w), generator: 'uniform-sample', reason, optima };
  }
  throw new NoRoomError(UNIFORM_SAMPLES);
}

/** The criterion as a function of weights, with one pair of buffers for all calls. */
export function criterionOfWeights(criterion: Criterion, encoding: Encoding): SmoothFunction {
  const x = new Float64Array(encoding.indices.length);
  const gradientInCube = new Float64Array(encoding.indices.length);
  return (w, gradient) => {
    encode(encoding, w, x);
    const value = criterion(x, gradientInCube);
    chainGradient(encoding, gradientInCube, gradient);
    return value;
  };
}

/** Points with their values, best first; NaN counts as worst. */
function scored(points: readonly Float64Array[], f: SmoothFunction): Scored[] {
  return points
    .map((w) => ({ w, value: valueAt(f, w) }))
    .map(({ w, value }) => ({ w, value: Number.isNaN(value) ? -Infinity : value }))
    .sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
}

function valueAt(f: SmoothFunction, w: Float64Array): number {
  return f(w, new Float64Array(w.length));
}
