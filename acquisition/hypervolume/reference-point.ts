import type { Outcome } from './dominance.ts';

/** Of the front's range, how far below its worst values the reference lies: far enough for its ends to count. */
const MARGIN = 0.1;

/**
 * The reference point of a front that comes without one, all objectives being maximised.
 *
 * r_i = nadir_i − 0.1·(ideal_i − nadir_i), nadir and ideal the least and greatest values on the front
 *
 * Where the front has one value of an objective, the range is that of all `points`; where those have one too, |value|, or 1.
 * Without a front, nadir and ideal are those of all points. Throws RangeError without points.
 *
 * Source: BoTorch, infer_reference_point, which takes |value| of a single point; Ishibuchi et al. 2011, Many-objective
 * and many-variable test problems for visual examination of multiobjective search (0.1).
 */
export function inferReferencePoint(front: readonly Outcome[], points: readonly Outcome[]): Outcome {
  if (points.length === 0) throw new RangeError('a reference point needs points to infer it from, got 0');
  const from = front.length > 0 ? front : points;
  return from[0]!.map((_, i) => {
    const own = extent(from, i);
    const width = own.width || extent(points, i).width || Math.abs(own.least) || 1;
    return own.least - MARGIN * width;
  });
}

function extent(points: readonly Outcome[], i: number): { readonly least: number; readonly width: number } {
  const values = points.map((point) => point[i]!);
  const least = Math.min(...values);
  return { least, width: Math.max(...values) - least };
}
