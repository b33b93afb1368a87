import type { Random } from '../random.ts';
import { isFixed, type Polytope } from './polytope.ts';
import { projectOnto } from './projection.ts';
import { asSimplex, type Simplex } from './simplex.ts';

/**
 * A normal step from a point of the polytope, within it: `size` is the standard deviation, as a share of what each weight can be.
 *
 * On a simplex {w ≥ l, Σw = C} the step lies in its plane, a weight that it would take below its bound stays there, and what
 * the weights have above their bounds is scaled to the sum; elsewhere the point that is nearest to where the step leads.
 */
export function randomStep(
  polytope: Polytope,
  from: Float64Array,
  size: number,
  random: Random,
): Float64Array {
  const { minimum, maximum } = polytope;
  const moves = from.map((_, i) =>
    isFixed(polytope, i) ? 0 : size * (maximum[i]! - minimum[i]!) * random.normal(),
  );
  const simplex = asSimplex(polytope);
  if (simplex !== undefined) return withinSimplex(polytope, simplex, from, moves);
  return projectOnto(
    polytope,
    from.map((weight, i) => weight + moves[i]!),
  );
}

function withinSimplex(
  { center, lower }: Polytope,
  { free, share }: Simplex,
  from: Float64Array,
  moves: Float64Array,
): Float64Array {
  const mean = free.reduce((sum, i) => sum + moves[i]!, 0) / free.length;
  const above = free.map((i) => Math.max(0, from[i]! + moves[i]! - mean - lower[i]!));
  const total = above.reduce((sum, weight) => sum + weight, 0);
  const moved = Float64Array.from(center);
  free.forEach((i, j) => (moved[i] = lower[i]! + (share * above[j]!) / total));
  return moved;
}
