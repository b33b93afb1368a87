import { checkOutcome, type Outcome } from './dominance.ts';

/**
 * The volume that some points dominate above a reference point, all objectives being maximised.
 *
 * HV(P) = vol ∪_p [r, p], by slices: below the k-th highest value of the last objective lies the volume that the k points
 * above dominate in the other objectives. O(n^m log n).
 *
 * Points that are not above the reference in every objective dominate nothing. Throws RangeError on a point of another
 * length than the reference, or one that is not finite.
 *
 * Source: While et al. 2006, A faster algorithm for calculating hypervolume (slicing objectives).
 */
export function hypervolume(points: readonly Outcome[], reference: Outcome): number {
  for (const point of [reference, ...points]) checkOutcome(point, reference.length);
  return dominatedVolume(aboveReference(points, reference), reference, reference.length);
}

/** The points that are better than the reference in every objective. */
export function aboveReference(points: readonly Outcome[], reference: Outcome): readonly Outcome[] {
  return points.filter((point) => isAbove(point, reference));
}

export function isAbove(point: Outcome, reference: Outcome): boolean {
  return point.every((value, i) => value > reference[i]!);
}

/** In the first m objectives. */
function dominatedVolume(points: readonly Outcome[], reference: Outcome, m: number): number {
  const last = m - 1;
  const floor = reference[last]!;
  if (m === 1) return points.reduce((most, point) => Math.max(most, point[0]! - floor), 0);
  const descending = points.toSorted((a, b) => b[last]! - a[last]!);
  return descending.reduce((sum, point, k) => {
    const height = point[last]! - (descending[k + 1]?.[last] ?? floor);
    return height === 0 ? sum : sum + height * dominatedVolume(descending.slice(0, k + 1), reference, last);
  }, 0);
}
