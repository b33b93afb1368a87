import type { Random } from '../random.ts';
import { rowProduct } from '../row-product.ts';
import { coordinatesOf, isFixed, type Polytope, weightsAt } from './polytope.ts';

/** Steps of the walk inside the set, and of the climb to each end, per dimension. */
const WALK_STEPS = 150;
const CLIMB_STEPS = 100;

/** Steps of all climbs together: with twenty weights they would else take a minute. */
const MOST_CLIMB_STEPS = 30_000;

/** Halvings and more of a chord after which a step is given up: what is left of it is rounding. */
const MOST_SHRINKS = 30;

export interface RangesWithin {
  /** d: the least and the greatest value of each weight among the members that were found. */
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
  /** Points that were asked for membership, and those that were members. */
  readonly asked: number;
  readonly members: number;
}

/**
 * The range of each weight over a subset of a polytope that is given by a test, found from one of its members.
 *
 * Hit-and-run inside the set, each chord shrunk towards the point where it leaves the set (slice sampling), then for either
 * end of each weight the same along directions in which that weight moves outwards. Directions are random, or
 * trades of two weights, which follow the facets, or differences of members met before, which take on the shape of the set. Each end is attained by a member: the true range is at least as
 * wide, as wide where the set is convex and the search long enough.
 *
 * Throws RangeError where `start` is no member.
 * Source: Smith 1984, Operations Research 32:1296–1308; Neal 2003, Annals of Statistics 31:705–767 (shrinkage).
 */
export function rangesWithin(
  polytope: Polytope,
  isMember: (w: Float64Array) => boolean,
  start: ArrayLike<number>,
  random: Random,
): RangesWithin {
  if (!isMember(Float64Array.from(start))) throw new RangeError('the start is no member of the set');
  const { dimension: k, G, h, basis, weightCount } = polytope;
  const minimum = Float64Array.from(start);
  const maximum = Float64Array.from(start);
  const lowest = Array.from({ length: weightCount }, () => coordinatesOf(polytope, start));
  const highest = [...lowest];
  let asked = 0;
  let members = 0;
  const visited: Float64Array[] = [coordinatesOf(polytope, start)];
  const direction = new Float64Array(k);

  /** Writes a direction: a trade of two weights, the difference of two members, or a random one. */
  const choose = (): void => {
    const kind = random.integer(3);
    if (kind === 0) {
      const from = random.integer(weightCount);
      const to = random.integer(weightCount);
      for (let j = 0; j < k; j++) direction[j] = basis[to * k + j]! - basis[from * k + j]!;
    } else if (kind === 1) {
      const from = visited[random.integer(visited.length)]!;
      const to = visited[random.integer(visited.length)]!;
      for (let j = 0; j < k; j++) direction[j] = to[j]! - from[j]!;
    } else {
      for (let j = 0; j < k; j++) direction[j] = random.normal();
    }
  };
  /** A member on the chord from t along the direction, both ways or forwards alone; undefined where none was found. */
  const step = (t: Float64Array, forwards: boolean): Float64Array | undefined => {
    let [low, high] = chord(G, h, t, direction);
    if (forwards) low = 0;
    if (!(high > low && Number.isFinite(high - low))) return undefined;
    for (let shrink = 0; shrink < MOST_SHRINKS; shrink++) {
      const length = low + (high - low) * random.uniform();
      const next = t.map((value, j) => value + length * direction[j]!);
      const w = weightsAt(polytope, next);
      asked++;
      if (isMember(w)) {
        members++;
        note(w, next);
        return next;
      }
      if (length < 0) low = length;
      else high = length;
    }
    return undefined;
  };
  const note = (w: Float64Array, t: Float64Array): void => {
    for (let i = 0; i < weightCount; i++) {
      if (w[i]! < minimum[i]!) {
        minimum[i] = w[i]!;
        lowest[i] = t;
      }
      if (w[i]! > maximum[i]!) {
        maximum[i] = w[i]!;
        highest[i] = t;
      }
    }
  };

  let t = visited[0]!;
  for (let i = 0; i < WALK_STEPS * k; i++) {
    choose();
    t = step(t, false) ?? t;
    visited.push(t);
  }
  const climbSteps = Math.min(CLIMB_STEPS * k, Math.ceil(MOST_CLIMB_STEPS / (2 * weightCount)));
  for (let i = 0; i < weightCount; i++) {
    if (isFixed(polytope, i)) continue;
    for (const sign of [-1, 1]) {
      for (let climb = 0; climb < climbSteps; climb++) {
        choose();
        const outwards = sign * rowProduct(basis, i, direction);
        if (outwards < 0) for (let j = 0; j < k; j++) direction[j]! *= -1;
        step((sign < 0 ? lowest : highest)[i]!, true);
      }
    }
  }
  return { minimum, maximum, asked, members };
}

/** The lengths along a direction between which t stays in {t : Gt ≤ h}. */
function chord(G: Float64Array, h: Float64Array, t: Float64Array, direction: Float64Array): [number, number] {
  let low = -Infinity;
  let high = Infinity;
  for (let row = 0; row < h.length; row++) {
    const rate = rowProduct(G, row, direction);
    const slack = Math.max(0, h[row]! - rowProduct(G, row, t));
    if (rate > 0) high = Math.min(high, slack / rate);
    else if (rate < 0) low = Math.max(low, slack / rate);
  }
  return [low, high];
}
