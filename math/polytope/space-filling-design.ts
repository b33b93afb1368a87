import type { Polytope } from './polytope.ts';
import { samplePolytope } from './sampling.ts';
import type { Random } from '../random.ts';

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
 * is treated alike. `existing` n×d rows, such as a baseline that is evaluated anyway; without any the first point is the
 * centroid, since the others then lie on the rim, which alone says little of a function (docs/adr/0013).
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
  if (existing.length > 0) return maximinSubset(polytope, candidates, count, existing);
  const first = centroid(candidates);
  return [first, ...maximinSubset(polytope, candidates, count - 1, [first])];
}

function centroid(points: readonly Float64Array[]): Float64Array {
  return points[0]!.map((_, i) => points.reduce((sum, point) => sum + point[i]!, 0) / points.length);
}

/**
 * The same of given candidates, at least as many as points: those far from each other and from the existing points.
 *
 * Throws RangeError where there are fewer candidates or no existing point.
 */
export function maximinSubset(
  polytope: Polytope,
  candidates: readonly Float64Array[],
  count: number,
  existing: readonly ArrayLike<number>[],
): Float64Array[] {
  if (candidates.length < count || existing.length === 0) {
    throw new RangeError(`${count} of ${candidates.length} candidates, ${existing.length} existing points`);
  }
  const toExisting = Float64Array.from(candidates, (candidate) => nearest(polytope, candidate, existing));
  const neighbours = nearestOfSlots(toExisting);
  const chosen: number[] = [];
  const choose = (slot: number, candidate: number): void => {
    chosen[slot] = candidate;
    neighbours.place(slot, (other) => scaledDistance(polytope, candidates[candidate]!, candidates[other]!));
  };
  for (let slot = 0; slot < count; slot++) choose(slot, neighbours.farthestBut(slot));
  for (let pass = 0; pass < EXCHANGE_PASSES; pass++) {
    let exchanged = false;
    for (let slot = 0; slot < count; slot++) {
      const better = neighbours.farthestBut(slot);
      if (better === chosen[slot]) continue;
      choose(slot, better);
      exchanged = true;
    }
    if (!exchanged) break;
  }
  return chosen.map((candidate) => candidates[candidate]!);
}

interface SlotNeighbours {
  /** Puts a point into the slot, in place of the one before; `distance` is from it to each candidate. */
  place(slot: number, distance: (candidate: number) => number): void;
  /** The candidate whose nearest neighbour, among existing points and the points of other slots, is farthest away. */
  farthestBut(slot: number): number;
}

/** No slot: an existing point is nearest. */
const EXISTING = -1;

/**
 * Keeps the two least distances of each candidate to slots, so that leaving one slot out costs a look at each candidate,
 * not at each pair of candidate and slot.
 */
function nearestOfSlots(toExisting: Float64Array): SlotNeighbours {
  const distances: Float64Array[] = [];
  const nearestSlot = new Int32Array(toExisting.length).fill(EXISTING);
  const least = Float64Array.from(toExisting);
  /** The least without the nearest slot. */
  const second = Float64Array.from(toExisting);
  const secondSlot = new Int32Array(toExisting.length).fill(EXISTING);

  const add = (candidate: number, slot: number, distance: number): void => {
    if (distance < least[candidate]!) {
      [second[candidate], secondSlot[candidate]] = [least[candidate]!, nearestSlot[candidate]!];
      [least[candidate], nearestSlot[candidate]] = [distance, slot];
    } else if (distance < second[candidate]!) {
      [second[candidate], secondSlot[candidate]] = [distance, slot];
    }
  };
  const lookAgain = (candidate: number): void => {
    least[candidate] = second[candidate] = toExisting[candidate]!;
    nearestSlot[candidate] = secondSlot[candidate] = EXISTING;
    for (const [slot, toSlot] of distances.entries()) add(candidate, slot, toSlot[candidate]!);
  };
  return {
    place(slot, distance) {
      distances[slot] = Float64Array.from(toExisting, (_, candidate) => distance(candidate));
      for (let candidate = 0; candidate < toExisting.length; candidate++) {
        const counted = nearestSlot[candidate] === slot || secondSlot[candidate] === slot;
        if (counted) lookAgain(candidate);
        else add(candidate, slot, distances[slot][candidate]!);
      }
    },
    farthestBut(slot) {
      let best = 0;
      let bestDistance = -Infinity;
      for (let candidate = 0; candidate < toExisting.length; candidate++) {
        const distance = nearestSlot[candidate] === slot ? second[candidate]! : least[candidate]!;
        if (distance > bestDistance) {
          best = candidate;
          bestDistance = distance;
        }
      }
      return best;
    },
  };
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
