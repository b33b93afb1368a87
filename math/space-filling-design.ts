import type { Polytope } from './polytope.ts';
import { samplePolytope } from './polytope-sampling.ts';
import type { Random } from './random.ts';

/** Candidates per design point, and the fewest: enough that the best of them is within a few percent of a maximin design. */
const CANDIDATES_PER_POINT = 40;
const CANDIDATES_AT_LEAST = 400;

/** Passes that move each point to its best candidate; the least distance rarely grows after the third. */
const EXCHANGE_PASSES = 4;

/**
 * Points of the polytope far from each other and from given points: a maximin subset of uniform samples.
 *
 * max min_{i<j} ‖(wᵢ − wⱼ)/(u − l)‖, over the new points and between them and `existing`
 *
 * Greedy farthest points, then passes that exchange each point for the candidate farthest from all others. Every weight
 * is treated alike. `existing` n×d rows, such as a baseline that is evaluated anyway.
 *
 * Source: Johnson, Moore & Ylvisaker 1990, J. Stat. Plan. Inference 26:131–148; exchange as in Kennard & Stone 1969.
 */
export function spaceFillingDesign(
  polytope: Polytope,
  count: number,
  random: Random,
  existing: readonly ArrayLike<number>[] = [],
): Float64Array[] {
  if (count === 0) return [];
  const candidateCount = Math.max(CANDIDATES_AT_LEAST, CANDIDATES_PER_POINT * count);
  const candidates = samplePolytope(polytope, candidateCount, random);
  const toExisting = candidates.map((candidate) => nearest(polytope, candidate, existing));
  const chosen: number[] = [];
  const distances: Float64Array[] = [];
  const choose = (slot: number, candidate: number): void => {
    chosen[slot] = candidate;
    distances[slot] = Float64Array.from(candidates, (other) =>
      scaledDistance(polytope, candidates[candidate]!, other),
    );
  };
  for (let slot = 0; slot < count; slot++) {
    const anywhere = slot === 0 && existing.length === 0;
    choose(slot, anywhere ? random.integer(candidateCount) : farthest(toExisting, distances, slot));
  }
  for (let pass = 0; pass < EXCHANGE_PASSES; pass++) {
    let exchanged = false;
    for (let slot = 0; slot < count; slot++) {
      const better = farthest(toExisting, distances, slot);
      if (better === chosen[slot]) continue;
      choose(slot, better);
      exchanged = true;
    }
    if (!exchanged) break;
  }
  return chosen.map((candidate) => candidates[candidate]!);
}

/** The candidate whose nearest neighbour, among existing points and the points of other slots, is farthest away. */
function farthest(toExisting: readonly number[], distances: readonly Float64Array[], slot: number): number {
  let best = 0;
  let bestDistance = -Infinity;
  for (let candidate = 0; candidate < toExisting.length; candidate++) {
    let least = toExisting[candidate]!;
    for (let other = 0; other < distances.length && least > bestDistance; other++) {
      if (other !== slot) least = Math.min(least, distances[other]![candidate]!);
    }
    if (least > bestDistance) {
      best = candidate;
      bestDistance = least;
    }
  }
  return best;
}

function nearest(polytope: Polytope, w: Float64Array, points: readonly ArrayLike<number>[]): number {
  return points.reduce((least, point) => Math.min(least, scaledDistance(polytope, w, point)), Infinity);
}

/** Distance in units of each weight's range; weights without a range cannot differ. */
function scaledDistance({ lower, upper }: Polytope, a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < lower.length; i++) {
    const range = upper[i]! - lower[i]!;
    if (range > 0) sum += ((a[i]! - b[i]!) / range) ** 2;
  }
  return Math.sqrt(sum);
}
