import { irreducibleConflict, InfeasibleConstraintsError } from './conflict.ts';
import { constraintRows, weightScale, type ConstraintRow, type PolytopeSpec } from './constraint.ts';
import { decimalGrid, exactUnits, type DecimalGrid } from '../decimal-grid.ts';
import { polytopeExtent, type PolytopeExtent } from './extent.ts';
import { relativeInterior } from './relative-interior.ts';
import { rowProduct } from '../row-product.ts';

/** How far a constraint may be missed, where weights, coefficients and bound are at most 1; relative to its size above. */
export const FEASIBILITY_TOLERANCE = 1e-9;

/** {w : l ≤ w ≤ u, Σw = C, A_eq w = b_eq, Aw ≤ b} = {center + Zt : Gt ≤ h}. */
export interface Polytope extends PolytopeExtent {
  readonly names: readonly string[];
  readonly rows: readonly ConstraintRow[];
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly sum: number | undefined;
  /** d, the number of weights. */
  readonly weightCount: number;
  /** k, the dimension of the affine hull; 0 for a single point. */
  readonly dimension: number;
  /** d; a point of the relative interior, the origin of t. */
  readonly center: Float64Array;
  /** Z, d×k row-major, orthonormal columns; exactly zero in the rows of fixed weights. */
  readonly basis: Float64Array;
  /** m×k row-major, unit rows. */
  readonly G: Float64Array;
  /** m, positive: distances of the center from the facets' planes. */
  readonly h: Float64Array;
  readonly grid: DecimalGrid;
}

export interface Violation {
  readonly label: string;
  /** a·w − bound, or |a·w − bound| of an equality. */
  readonly amount: number;
}

/**
 * The polytope of a spec, its equalities removed exactly.
 *
 * w = w₀ + Zt; explicit equalities, and inequalities without slack anywhere, define the hull w₀ + Zt.
 *
 * Throws RangeError on a malformed spec or a sum of more than 13 significant digits, `InfeasibleConstraintsError` on
 * constraints that contradict each other.
 */
export function createPolytope(spec: PolytopeSpec): Polytope {
  const rows = constraintRows(spec);
  const weightCount = spec.names.length;
  const scale = weightScale(spec);
  const interior = relativeInterior(rows, weightCount, scale);
  if (!interior) {
    const conflict = irreducibleConflict(rows, weightCount, scale);
    throw new InfeasibleConstraintsError(conflict.map((row) => row.label));
  }
  const extent = polytopeExtent(interior);
  const { origin, basis, dimension } = interior.hull;
  return {
    ...extent,
    names: [...spec.names],
    rows,
    lower: Float64Array.from(spec.lower),
    upper: Float64Array.from(spec.upper),
    sum: spec.sum,
    weightCount,
    dimension,
    center: origin,
    basis,
    G: interior.G,
    h: interior.h,
    grid: gridOf(spec.sum, extent),
  };
}

/** w = center + Zt. */
export function weightsAt({ center, basis }: Polytope, t: Float64Array): Float64Array {
  return center.map((value, i) => value + rowProduct(basis, i, t));
}

/** t = Zᵀ(w − center): the coordinates of the point of the hull nearest to w. */
export function coordinatesOf({ center, basis, dimension }: Polytope, w: ArrayLike<number>): Float64Array {
  const t = new Float64Array(dimension);
  for (let i = 0; i < center.length; i++) {
    const offset = w[i]! - center[i]!;
    for (let j = 0; j < dimension; j++) t[j]! += basis[i * dimension + j]! * offset;
  }
  return t;
}

/** Whether the weight takes a single value on the whole polytope. */
export function isFixed({ basis, dimension }: Polytope, index: number): boolean {
  for (let j = 0; j < dimension; j++) if (basis[index * dimension + j] !== 0) return false;
  return true;
}

/** Whether w misses no constraint by more than the tolerance × the row's size. */
export function contains(
  polytope: Polytope,
  w: ArrayLike<number>,
  tolerance = FEASIBILITY_TOLERANCE,
): boolean {
  for (const row of polytope.rows) {
    if (!(violationOf(row, w) <= tolerance * row.size)) return false;
  }
  return true;
}

/** The constraints that w misses by more than the tolerance × the row's size, with the amounts in their own units. */
export function violations(
  polytope: Polytope,
  w: ArrayLike<number>,
  tolerance = FEASIBILITY_TOLERANCE,
): readonly Violation[] {
  return polytope.rows
    .map((row) => ({ row, amount: violationOf(row, w) }))
    .filter(({ row, amount }) => !(amount <= tolerance * row.size))
    .map(({ row, amount }) => ({ label: row.label, amount }));
}

function violationOf({ coefficients, bound, equality }: ConstraintRow, w: ArrayLike<number>): number {
  if (w.length !== coefficients.length) {
    throw new RangeError(`expected ${coefficients.length} weights, got ${w.length}`);
  }
  let sum = -bound;
  for (let i = 0; i < coefficients.length; i++) sum += coefficients[i]! * w[i]!;
  return equality ? Math.abs(sum) : sum;
}

function gridOf(sum: number | undefined, { minimum, maximum }: PolytopeExtent): DecimalGrid {
  let size = Math.abs(sum ?? 0);
  for (const value of [...minimum, ...maximum]) size = Math.max(size, Math.abs(value));
  const grid = decimalGrid(size > 0 ? size : 1);
  if (sum !== undefined && exactUnits(sum, grid) === undefined) {
    throw new RangeError(
      `the sum ${sum} has digits below 1e${grid.exponent}, which weights adding up to it cannot carry`,
    );
  }
  return grid;
}
