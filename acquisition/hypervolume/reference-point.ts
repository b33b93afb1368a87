import type { Outcome } from './dominance.ts';

/** Of the points' range, how far below the front's worst values the reference lies: far enough for its ends to count. */
const MARGIN = 0.1;

/**
 * The reference point of a front that comes without one, all objectives being maximised.
 *
 * r_i = nadir_i − 0.1·range_i, nadir the least value on the front, range that of all `points`
 *
 * Where the points have one value of an objective, the range is |value|, or 1. Without a front, nadir is of all points.
 * Throws RangeError without points.
 *
 * Source: BoTorch, infer_reference_point, which takes the range of the front alone: while that is short its ends are then
 * hardly worth finding (docs/adr/0015); Ishibuchi et al. 2011, Many-objective and many-variable test problems for visual
 * examination of multiobjective search (0.1).
 */
export function inferReferencePoint(front: readonly Outcome[], points: readonly Outcome[]): Outcome {
  if (points.length === 0) throw new RangeError('a reference point needs points to infer it from, got 0');
  const from = front.length > 0 ? front : points;
  return from[0]!.map((_, i) => {
    const { least } = extent(from, i);
    const width = extent(points, i).width || Math.abs(least) || 1;
    return least - MARGIN * width;
  });
}

function extent(points: readonly Outcome[], i: number): { readonly least: number; readonly width: number } {
  const values = points.map((point) => point[i]!);
  const least = Math.min(...values);
  return { least, width: Math.max(...values) - least };
}
