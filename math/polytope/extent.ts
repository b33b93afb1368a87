import { maximizeLinear } from '../linear-program.ts';
import type { RelativeInterior } from './relative-interior.ts';
import { rowProduct } from '../row-product.ts';
import { farthestVertices } from './farthest-vertices.ts';

/** Whose multiples fill the unit interval evenly. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

export interface PolytopeExtent {
  /** d; the least and greatest value each weight takes on the polytope. */
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
  /** The distance of two of its points, the farthest pair found: a lower bound, usually the diameter itself. */
  readonly diameter: number;
  /** √Σ(maximum − minimum)²; at most √d times the diameter. */
  readonly diameterUpperBound: number;
}

/**
 * The range of each weight, by 2d linear programs, and bounds on the diameter.
 *
 * Maximising a distance over a polytope is NP-hard. The lower bound is at least the distance of any two vertices that those
 * programs met, or that lie farthest along ±(s₁r₁, …, s_d r_d), r the ranges' widths and s the rows of a Hadamard matrix,
 * once with the whole widths and once with shares of them; the farthest of these vertices are then moved apart. On random
 * polytopes of up to 12 weights the farthest two of 400 vertices are less than 2 % farther apart (5 % at 20). Widths give the other
 * side: no two points differ by more than every weight's range.
 */
export function polytopeExtent({ hull, G, h }: RelativeInterior): PolytopeExtent {
  const { origin, basis, dimension } = hull;
  const minimum = Float64Array.from(origin);
  const maximum = Float64Array.from(origin);
  if (dimension === 0) return { minimum, maximum, diameter: 0, diameterUpperBound: 0 };
  const vertices: Float64Array[] = [];
  const addEnds = (direction: Float64Array): { highest: Float64Array; lowest: Float64Array } => {
    const highest = maximizeLinear(direction, G, h).x;
    const opposite = direction.map((entry) => -entry);
    const lowest = maximizeLinear(opposite, G, h).x;
    vertices.push(highest, lowest);
    return { highest, lowest };
  };
  for (let i = 0; i < origin.length; i++) {
    const direction = basis.slice(i * dimension, (i + 1) * dimension);
    if (direction.every((entry) => entry === 0)) continue;
    const { highest, lowest } = addEnds(direction);
    maximum[i] = origin[i]! + rowProduct(basis, i, highest);
    minimum[i] = origin[i]! + rowProduct(basis, i, lowest);
  }
  const widths = maximum.map((value, i) => value - minimum[i]!);
  const order = hadamardOrder(origin.length);
  for (let start = 0; start < 2 * order; start++) {
    const direction = new Float64Array(dimension);
    widths.forEach((width, i) => {
      const share = start < order ? 1 : ((start * origin.length + i) * GOLDEN_RATIO) % 1;
      const signed = hadamardSign(start % order, i) * share * width;
      for (let j = 0; j < dimension; j++) direction[j]! += signed * basis[i * dimension + j]!;
    });
    addEnds(direction);
  }
  return {
    minimum,
    maximum,
    diameter: farthestVertices(vertices, G, h),
    diameterUpperBound: Math.hypot(...widths),
  };
}

/** The least power of 2 that is no less than d. */
function hadamardOrder(d: number): number {
  return 2 ** Math.ceil(Math.log2(d));
}

/** Sylvester's matrix: −1 to the number of bits that row and column share. */
function hadamardSign(row: number, column: number): number {
  let sign = 1;
  for (let shared = row & column; shared > 0; shared &= shared - 1) sign = -sign;
  return sign;
}
