import type { Polytope } from '../math/polytope/polytope.ts';
import { samplePolytope } from '../math/polytope/sampling.ts';
import type { Random } from '../math/random.ts';
import type { CandidateDistance } from './separation.ts';

/** Shares of the way from an incumbent to uniform samples: its own basin, and the rim of it. */
const NEIGHBOUR_REACHES = [0.01, 0.05, 0.2];

/** Neighbours at each reach, about one for each direction of a typical polytope. */
const NEIGHBOURS_PER_REACH = 6;

/** A sample is a peak when it beats this many nearest others: the middle of the published 5 to 15. */
const PEAK_NEIGHBOURS = 10;

export interface Scored {
  readonly w: Float64Array;
  readonly value: number;
}

/** Points of the polytope near each incumbent: part of the way from it to uniform samples, inside by convexity. */
export function neighboursOf(
  polytope: Polytope,
  incumbents: readonly ArrayLike<number>[],
  random: Random,
): Float64Array[] {
  if (incumbents.length === 0) return [];
  const perIncumbent = NEIGHBOUR_REACHES.length * NEIGHBOURS_PER_REACH;
  const targets = samplePolytope(polytope, perIncumbent * incumbents.length, random);
  return targets.map((target, i) => {
    const incumbent = incumbents[Math.floor(i / perIncumbent)]!;
    const reach = NEIGHBOUR_REACHES[i % NEIGHBOUR_REACHES.length]!;
    return target.map((value, j) => incumbent[j]! + reach * (value - incumbent[j]!));
  });
}

/**
 * Where to start climbing: the peaks among scored points, best first, then the best of the others up to the count.
 *
 * A peak beats its ten nearest points. Taking the best points instead would put every start on the highest hill.
 *
 * Source: Törn & Viitanen 1992, Topographical global optimization.
 */
export function climbingStarts(
  distance: CandidateDistance,
  sorted: readonly Scored[],
  count: number,
): Float64Array[] {
  const peaks: Float64Array[] = [];
  const others: Float64Array[] = [];
  for (let rank = 0; rank < sorted.length && peaks.length < count; rank++) {
    (isPeak(distance, sorted, rank) ? peaks : others).push(sorted[rank]!.w);
  }
  return [...peaks, ...others].slice(0, count);
}

/** Whether enough points lie nearer than the nearest better one. */
function isPeak({ between }: CandidateDistance, sorted: readonly Scored[], rank: number): boolean {
  const distances = sorted.map(({ w }) => between(w, sorted[rank]!.w));
  const nearestBetter = distances
    .slice(0, rank)
    .reduce((least, distance) => Math.min(least, distance), Infinity);
  return (
    distances.filter((distance) => distance < nearestBetter).length >
    Math.min(PEAK_NEIGHBOURS, sorted.length - 1)
  );
}
