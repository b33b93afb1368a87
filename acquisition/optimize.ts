import {
  maximizeOverPolytope,
  type LocalMaximum,
  type SmoothFunction,
} from '../math/polytope/maximize-over-polytope.ts';
import type { Polytope } from '../math/polytope/polytope.ts';
import { roundToPolytope } from '../math/polytope/rounding.ts';
import { spaceFillingDesign } from '../math/polytope/space-filling-design.ts';
import { samplePolytope } from '../math/polytope/sampling.ts';
import type { Random } from '../math/random.ts';
import { chainGradient, encode, unitCubeEncoding, type Encoding } from './encoding.ts';
import {
  type CandidateDistance,
  isSeparated,
  NoRoomError,
  type Neighbours,
  weightDistance,
} from './separation.ts';
import { climbingStarts, neighboursOf, type Scored } from './starts.ts';

/** The value at a point of the unit cube, to be maximised, writing its gradient. */
export type Criterion = (x: Float64Array, gradient: Float64Array) => number;

/** How much a search looks at. */
export interface SearchEffort {
  /** Uniform samples scored. */
  readonly samples: number;
  /** Climbs from uniform samples, and from the neighbourhood of all incumbents. */
  readonly uniformStarts: number;
  readonly incumbentStarts: number;
  /** Climbs that are finished: the best, and the best of other hills. */
  readonly finishedClimbs: number;
}

/** In 20 dimensions one of so many samples lies within the basin of most optima, at the cost of a few climbs. */
const FULL_EFFORT: SearchEffort = { samples: 384, uniformStarts: 6, incumbentStarts: 2, finishedClimbs: 2 };

/** Every climb goes on until it promises less than this gain, in nats: less does not change which hill is highest. */
const ROUGH = { gainTolerance: 5e-2, maxIterations: 40 };

/** Ends nearer than this share of the separation unit are on one hill. */
const SAME_HILL = 1e-2;

/** Finished climbs stop where the criterion, a logarithm, could still grow by 1e-8. */
const FINE = { gainTolerance: 1e-8 };

export interface SearchContext extends Neighbours {
  /** Weights near which to start as well: the best trials so far. */
  readonly incumbents: readonly ArrayLike<number>[];
  readonly random: Random;
  /** What counts as near; the distance of the weights unless given. */
  readonly distance?: CandidateDistance;
  /** The criterion at many points, m×d in the unit cube, where that is cheaper than one at a time. */
  readonly screen?: (X: Float64Array) => Float64Array;
  /** 384 samples and 6 + 2 climbs unless given. */
  readonly effort?: SearchEffort;
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
  /** The ends of the climbs, one a hill, best first. */
  readonly optima: readonly LocalMaximum[];
}

/**
 * The weights to try next: the best local maximum of a criterion that is not too close to what is pending or known.
 *
 * Climbs start from the peaks among uniform samples, 384 unless `effort` says otherwise, and among neighbours of the
 * incumbents. Where no climb ends far enough from all pending and completed points, the best-scoring sample that is takes
 * its place.
 *
 * Throws `NoRoomError` when not one sample is far enough.
 */
export function chooseCandidate(
  polytope: Polytope,
  criterion: Criterion,
  context: SearchContext,
): CandidatePoint {
  const { random, incumbents, effort = FULL_EFFORT } = context;
  const encoding = context.encoding ?? unitCubeEncoding(polytope);
  const distance = context.distance ?? weightDistance(polytope);
  const f = criterionOfWeights(criterion, encoding);
  const score = (points: readonly Float64Array[]): Scored[] =>
    scored(points, valuesAt(points, f, encoding, context.screen));
  const samples = score(samplePolytope(polytope, effort.samples, random));
  const nearby = score(neighboursOf(polytope, incumbents, random));
  const starts = [
    ...climbingStarts(distance, samples, effort.uniformStarts),
    ...climbingStarts(distance, nearby, effort.incumbentStarts),
  ];
  const optima = climbAll(polytope, f, starts, distance, effort.finishedClimbs);

  for (const [rank, optimum] of optima.entries()) {
    const w = roundToPolytope(polytope, optimum.w);
    if (!isSeparated(distance, w, context)) continue;
    const reason =
      rank === 0
        ? `best of ${starts.length} climbs`
        : `best of ${starts.length} climbs that is not too close to a pending or completed point (rank ${rank + 1})`;
    return { w, value: valueAt(f, w), generator: 'criterion-maximum', reason, optima };
  }
  for (const sample of samples) {
    const w = roundToPolytope(polytope, sample.w);
    if (!isSeparated(distance, w, context)) continue;
    const reason =
      optima.length === 0
        ? 'the criterion was finite at no start'
        : `all ${starts.length} climbs ended too close to a pending or completed point`;
    return { w, value: valueAt(f, w), generator: 'uniform-sample', reason, optima };
  }
  throw new NoRoomError(effort.samples);
}

/** The point farthest from the trials, whatever the criterion says of it. */
export function farFromTrials(
  polytope: Polytope,
  f: SmoothFunction,
  trials: readonly ArrayLike<number>[],
  random: Random,
): CandidatePoint {
  const [farthest] = spaceFillingDesign(polytope, 1, random, trials);
  const w = roundToPolytope(polytope, farthest!);
  const reason = `the models see nothing feasible, so every second trial is far from all others`;
  return { w, value: valueAt(f, w), generator: 'uniform-sample', reason, optima: [] };
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

/** The ends of the climbs, one a hill, best first, of which the best are finished. */
function climbAll(
  polytope: Polytope,
  f: SmoothFunction,
  starts: readonly Float64Array[],
  { between, unit }: CandidateDistance,
  finishedClimbs: number,
): LocalMaximum[] {
  const rough = maximizeOverPolytope(polytope, f, starts, ROUGH)
    .filter(({ value }) => Number.isFinite(value))
    .sort(byValue);
  const hills: LocalMaximum[] = [];
  for (const end of rough) {
    if (hills.every(({ w }) => between(w, end.w) > SAME_HILL * unit)) hills.push(end);
  }
  const finished = maximizeOverPolytope(
    polytope,
    f,
    hills.slice(0, finishedClimbs).map(({ w }) => w),
    FINE,
  );
  return [...finished, ...hills.slice(finishedClimbs)].sort(byValue);
}

function byValue(a: { readonly value: number }, b: { readonly value: number }): number {
  return a.value === b.value ? 0 : b.value - a.value;
}

/** Points with their values, best first; NaN counts as worst. */
function scored(points: readonly Float64Array[], values: ArrayLike<number>): Scored[] {
  return points
    .map((w, i) => ({ w, value: Number.isNaN(values[i]!) ? -Infinity : values[i]! }))
    .sort(byValue);
}

function valuesAt(
  points: readonly Float64Array[],
  f: SmoothFunction,
  encoding: Encoding,
  screen: SearchContext['screen'],
): ArrayLike<number> {
  if (screen === undefined) return points.map((w) => valueAt(f, w));
  const d = encoding.indices.length;
  const X = new Float64Array(points.length * d);
  for (const [i, w] of points.entries()) encode(encoding, w, X.subarray(i * d, (i + 1) * d));
  return screen(X);
}

function valueAt(f: SmoothFunction, w: Float64Array): number {
  return f(w, new Float64Array(w.length));
}
