import { maximizeLinear } from '../linear-program.ts';
import type { RelativeInterior } from './relative-interior.ts';
import { rowProduct } from '../row-product.ts';

/** Each improvement moves one end to another vertex; on random polytopes two or three suffice. */
const DIAMETER_STEPS = 20;

/** An end that moves the pair apart by less than this share has converged. */
const DIAMETER_TOLERANCE = 1e-9;

export interface PolytopeExtent {
  /** d; the least and greatest value each weight takes on the polytope. */
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
  /** The distance of two of its points, the farthest pair found: a lower bound, nearly always the diameter itself. */
  readonly diameter: number;
  /** √Σ(maximum − minimum)²; at most √d times the diameter. */
  readonly diameterUpperBound: number;
}

/**
 * The range of each weight, by 2d linear programs, and bounds on the diameter.
 *
 * Maximising a distance over a polytope is NP-hard. From the two farthest vertices that those programs met, each end in
 * turn is moved to the vertex farthest along the line between them. Widths give the other side: no two points differ by
 * more than every weight's range.
 */
export function polytopeExtent({ hull, G, h }: RelativeInterior): PolytopeExtent {
  const { origin, basis, dimension } = hull;
  const minimum = Float64Array.from(origin);
  const maximum = Float64Array.from(origin);
  if (dimension === 0) return { minimum, maximum, diameter: 0, diameterUpperBound: 0 };
  const vertices: Float64Array[] = [];
  for (let i = 0; i < origin.length; i++) {
    const direction = basis.slice(i * dimension, (i + 1) * dimension);
    if (direction.every((entry) => entry === 0)) continue;
    const highest = maximizeLinear(direction, G, h).x;
    const lowest = maximizeLinear(
      direction.map((entry) => -entry),
      G,
      h,
    ).x;
    vertices.push(highest, lowest);
    maximum[i] = origin[i]! + rowProduct(basis, i, highest);
    minimum[i] = origin[i]! + rowProduct(basis, i, lowest);
  }
  const diameterUpperBound = distance(minimum, maximum);
  return { minimum, maximum, diameter: farthestPair(vertices, G, h), diameterUpperBound };
}

function farthestPair(vertices: readonly Float64Array[], G: Float64Array, h: Float64Array): number {
  let a = vertices[0]!;
  let b = vertices[1]!;
  let longest = distance(a, b);
  for (const p of vertices) {
    for (const q of vertices) {
      const length = distance(p, q);
      if (length > longest) [a, b, longest] = [p, q, length];
    }
  }
  for (let step = 0; step < DIAMETER_STEPS; step++) {
    const far = maximizeLinear(
      b.map((value, j) => value - a[j]!),
      G,
      h,
    ).x;
    const length = distance(a, far);
    const improved = length > longest * (1 + DIAMETER_TOLERANCE);
    if (!improved && step % 2 === 1) break;
    [a, b] = [improved ? far : b, a];
    longest = Math.max(longest, length);
  }
  return longest;
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
