import type { ConstraintRow } from './constraint.ts';

/** A row keeping less than this share of its length outside the span of earlier rows depends on them. */
const RANK_TOLERANCE = 1e-10;

/** {origin + Z t}: origin d, orthonormal basis Z d×k row-major, k the dimension. */
export interface AffineHull {
  readonly origin: Float64Array;
  readonly basis: Float64Array;
  readonly dimension: number;
}

/**
 * The solutions of linear equalities, {w : Aw = b} = {w₀ + Zt}, or undefined when they contradict each other by more
 * than a tolerance in weight units.
 *
 * Rows with one coefficient come first: Gram–Schmidt then keeps exact zeros, so a fixed weight has an exactly zero row
 * in Z and exactly its value in w₀.
 *
 * Source: Gram–Schmidt, orthogonalised twice (Giraud, Langou & Rozložník 2005).
 */
export function affineHull(
  equalities: readonly ConstraintRow[],
  weightCount: number,
  tolerance: number,
): AffineHull | undefined {
  const normals: Float64Array[] = [];
  const origin = new Float64Array(weightCount);
  for (const { coefficients, bound } of [...equalities].sort((a, b) => support(a) - support(b))) {
    const norm = Math.hypot(...coefficients);
    if (norm === 0) {
      if (Math.abs(bound) > tolerance) return undefined;
      continue;
    }
    const normal = coefficients.map((entry) => entry / norm);
    let offset = bound / norm;
    for (let i = 0; i < weightCount; i++) offset -= normal[i]! * origin[i]!;
    orthogonalize(normal, normals);
    const length = Math.hypot(...normal);
    if (length <= RANK_TOLERANCE) {
      if (Math.abs(offset) > tolerance) return undefined;
      continue;
    }
    for (let i = 0; i < weightCount; i++) normal[i]! /= length;
    for (let i = 0; i < weightCount; i++) origin[i]! += (offset / length) * normal[i]!;
    normals.push(normal);
  }
  const dimension = weightCount - normals.length;
  return { origin, basis: complement(normals, weightCount, dimension), dimension };
}

function support({ coefficients }: ConstraintRow): number {
  return coefficients.reduce((count, entry) => (entry === 0 ? count : count + 1), 0);
}

function orthogonalize(vector: Float64Array, directions: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of directions) {
      let product = 0;
      for (let i = 0; i < vector.length; i++) product += vector[i]! * direction[i]!;
      for (let i = 0; i < vector.length; i++) vector[i]! -= product * direction[i]!;
    }
  }
}

/** Completes the normals to an orthonormal basis with whichever unit vector lies farthest from the span so far. */
function complement(normals: readonly Float64Array[], weightCount: number, dimension: number): Float64Array {
  const directions = [...normals];
  const basis = new Float64Array(weightCount * dimension);
  for (let column = 0; column < dimension; column++) {
    let best = new Float64Array(weightCount);
    let bestLength = 0;
    for (let axis = 0; axis < weightCount; axis++) {
      const candidate = new Float64Array(weightCount);
      candidate[axis] = 1;
      orthogonalize(candidate, directions);
      const length = Math.hypot(...candidate);
      if (length > bestLength) {
        best = candidate;
        bestLength = length;
      }
    }
    best = best.map((entry) => entry / bestLength);
    directions.push(best);
    for (let i = 0; i < weightCount; i++) basis[i * dimension + column] = best[i]!;
  }
  return basis;
}
