import { affineHull, type AffineHull } from './affine-hull.ts';
import type { ConstraintRow } from './constraint.ts';
import { maximizeLinear } from '../linear-program.ts';
import { rowProduct } from '../row-product.ts';

/** A set whose largest inscribed ball is smaller than this share of the weights' scale is flat there. */
const FLATNESS = 1e-10;

/** A row is constant on the hull when less than this share of its length lies along it. */
const PARALLEL_TOLERANCE = 1e-10;

/** Each promotion moves the hull by at most the flatness tolerance, so later contradictions are judged at ten times it. */
const PROMOTED_SLACK = 10;

/** A polytope in the coordinates of its own affine hull: w = hull.origin + Zt, Gt ≤ h, unit rows, h > 0. */
export interface RelativeInterior {
  readonly hull: AffineHull;
  /** m×k row-major, rows of unit length. */
  readonly G: Float64Array;
  /** m; the distances of the origin from each facet's plane. */
  readonly h: Float64Array;
}

interface ReducedRows {
  readonly sources: readonly ConstraintRow[];
  readonly G: Float64Array;
  readonly h: Float64Array;
}

/**
 * The polytope of some rows in coordinates of its affine hull, the origin at a Chebyshev centre of it; undefined when
 * the rows contradict each other.
 *
 * max ρ subject to Gt + ρ ≤ h; where ρ ≈ 0, the rows with no slack anywhere are equalities in disguise and are
 * promoted to equalities until ρ > 0 or a point is left.
 *
 * `scale` is the size of the weights, in their unit.
 */
export function relativeInterior(
  rows: readonly ConstraintRow[],
  weightCount: number,
  scale: number,
): RelativeInterior | undefined {
  const flat = FLATNESS * scale;
  const equalities = rows.filter((row) => row.equality);
  let inequalities = rows.filter((row) => !row.equality);
  let tolerance = flat;
  for (;;) {
    const hull = affineHull(equalities, weightCount, tolerance);
    if (!hull) return undefined;
    const reduced = reduceRows(inequalities, hull, tolerance);
    if (!reduced) return undefined;
    if (hull.dimension === 0) return { hull, G: new Float64Array(0), h: new Float64Array(0) };

    const { point, radius } = chebyshevCenter(reduced, hull.dimension, scale);
    if (radius < -tolerance) return undefined;
    if (radius > flat) return recentered(hull, reduced, point);
    const promoted = rowsWithoutSlack(reduced, hull.dimension, point, flat);
    equalities.push(...promoted);
    inequalities = inequalities.filter((row) => !promoted.has(row));
    tolerance = flat * PROMOTED_SLACK;
  }
}

/** Rows on the hull; those constant there are dropped, or make the set empty. */
function reduceRows(
  inequalities: readonly ConstraintRow[],
  { origin, basis, dimension }: AffineHull,
  tolerance: number,
): ReducedRows | undefined {
  const sources: ConstraintRow[] = [];
  const G: number[] = [];
  const h: number[] = [];
  for (const row of inequalities) {
    const { coefficients } = row;
    let slack = row.bound;
    const direction = new Float64Array(dimension);
    for (let i = 0; i < origin.length; i++) {
      slack -= coefficients[i]! * origin[i]!;
      for (let j = 0; j < dimension; j++) direction[j]! += coefficients[i]! * basis[i * dimension + j]!;
    }
    const norm = Math.hypot(...coefficients);
    const length = Math.hypot(...direction);
    if (length <= PARALLEL_TOLERANCE * norm) {
      if (slack < -tolerance * Math.max(norm, Number.MIN_VALUE)) return undefined;
      continue;
    }
    sources.push(row);
    G.push(...direction.map((entry) => entry / length));
    h.push(slack / length);
  }
  return { sources, G: Float64Array.from(G), h: Float64Array.from(h) };
}

/** The centre of the largest inscribed ball; its radius is negative, the least violation, when the set is empty. */
function chebyshevCenter(
  { G, h }: ReducedRows,
  dimension: number,
  scale: number,
): { point: Float64Array; radius: number } {
  const m = h.length;
  const columns = dimension + 1;
  const start = h.reduce((least, bound) => Math.min(least, bound), scale);
  const cap = Math.max(scale, start);
  const rows = new Float64Array((m + 1) * columns);
  const bounds = new Float64Array(m + 1);
  for (let i = 0; i < m; i++) {
    rows.set(G.subarray(i * dimension, (i + 1) * dimension), i * columns);
    rows[i * columns + dimension] = 1;
    bounds[i] = h[i]! - start;
  }
  rows[m * columns + dimension] = 1;
  bounds[m] = cap - start;
  const cost = new Float64Array(columns);
  cost[dimension] = 1;
  const { x } = maximizeLinear(cost, rows, bounds);
  return { point: x.subarray(0, dimension), radius: start + x[dimension]! };
}

/** Rows whose slack is nowhere above the tolerance; at least the one with the least slack, so that promotion ends. */
function rowsWithoutSlack(
  { sources, G, h }: ReducedRows,
  dimension: number,
  point: Float64Array,
  tolerance: number,
): Set<ConstraintRow> {
  const atPoint = h.map((bound, i) => Math.max(0, bound - rowProduct(G, i, point)));
  const most = Float64Array.from(atPoint);
  for (let i = 0; i < h.length; i++) {
    if (most[i]! > tolerance) continue;
    const cost = G.slice(i * dimension, (i + 1) * dimension).map((entry) => -entry);
    const { x } = maximizeLinear(cost, G, atPoint);
    for (let row = 0; row < h.length; row++) {
      most[row] = Math.max(most[row]!, atPoint[row]! - rowProduct(G, row, x));
    }
  }
  const threshold = most.reduce((least, slack) => Math.min(least, slack), Infinity);
  return new Set(sources.filter((_, i) => most[i]! <= Math.max(tolerance, threshold)));
}

function recentered(hull: AffineHull, { G, h }: ReducedRows, point: Float64Array): RelativeInterior {
  const origin = hull.origin.map((value, i) => value + rowProduct(hull.basis, i, point));
  return { hull: { ...hull, origin }, G, h: h.map((bound, i) => bound - rowProduct(G, i, point)) };
}
