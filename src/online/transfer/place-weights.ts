import { unitCubeEncoding } from '../../../acquisition/encoding.ts';
import type { Polytope } from '../../../math/polytope/polytope.ts';
import { shareRoots } from './share-roots.ts';

/** Where a model sees weights. */
export type Place = (weights: Float64Array) => Float64Array;

/** A root that differs by less among all weights is the same, but for rounding. */
const FIXED_WIDTH = 1e-9;

/**
 * Where models of lifts see the weights of a polytope: their `shareRoots`, scaled by what these can be, x_t = (r_t − a_t)/(b_t − a_t).
 *
 * a and b are bounds from the least and the most that each weight can be: of ranges that are narrow, arms would fill a corner in which
 * every function looks smooth. On {w ≥ 0, Σw = C} they are 0 and 1. A root that cannot vary is left out, unless none can.
 * `spreads` one a weight, as `shareRoots` has them.
 */
export function placeOn(polytope: Polytope, spreads: ArrayLike<number>): Place {
  const { indices, lower, range } = unitCubeEncoding(polytope);
  const least = Float64Array.from(polytope.center);
  const most = Float64Array.from(polytope.center);
  indices.forEach((i, j) => {
    least[i] = lower[j]!;
    most[i] = lower[j]! + range[j]!;
  });
  const smallest = least.map((from, i) =>
    from <= 0 && most[i]! >= 0 ? 0 : Math.min(Math.abs(from), Math.abs(most[i]!)),
  );
  const largest = least.map((from, i) => Math.max(Math.abs(from), Math.abs(most[i]!)));
  // A root is farther from 0 the less the other weights are.
  const rootOf = (i: number, weight: number, others: Float64Array): number =>
    shareRoots(others.with(i, weight), spreads)[i]!;
  const a = least.map((weight, i) => rootOf(i, weight, weight > 0 ? largest : smallest));
  const b = most.map((weight, i) => rootOf(i, weight, weight > 0 ? smallest : largest));
  const every = Array.from(a, (_, i) => i);
  const varying = every.filter((i) => b[i]! - a[i]! > FIXED_WIDTH);
  const seen = varying.length > 0 ? varying : every;
  return (weights) => {
    const roots = shareRoots(weights, spreads);
    return Float64Array.from(seen, (i) => {
      const width = b[i]! - a[i]!;
      return (roots[i]! - a[i]!) / (width > FIXED_WIDTH ? width : 1);
    });
  };
}

/** Row-major, as models see them. */
export function placed(points: readonly Float64Array[], place: Place): Float64Array {
  return Float64Array.from(points.flatMap((point) => Array.from(place(point))));
}
