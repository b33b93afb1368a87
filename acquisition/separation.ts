import type { Polytope } from '../math/polytope/polytope.ts';

/** Of the diameter: concurrent candidates closer than this would teach the model nearly the same thing. */
const PENDING_SEPARATION = 1e-3;

/** Of the diameter: a noise-free trial repeated closer than this makes the Gram matrix singular and tells nothing. */
const COMPLETED_SEPARATION = 1e-6;

/** No point was found that keeps its distance from what is pending and known. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';

  constructor(samples: number) {
    super(`none of ${samples} samples is far enough from pending and completed points`);
  }
}

export interface Neighbours {
  /** Weights of candidates not yet evaluated. */
  readonly pending: readonly ArrayLike<number>[];
  /** Weights of trials evaluated without noise; leave noisy ones out, they may be replicated. */
  readonly completedNoiseFree: readonly ArrayLike<number>[];
}

/** How far apart candidates are, and the diameter that separations are shares of. */
export interface CandidateDistance {
  readonly between: (w: ArrayLike<number>, v: ArrayLike<number>) => number;
  readonly unit: number;
}

/** ‖w − v‖, in the polytope's diameter. */
export function weightDistance({ diameter }: Polytope): CandidateDistance {
  return { unit: diameter, between: (w, v) => distance(w, v, 1, 1) };
}

/**
 * How different two rankings are: ‖w/‖w‖ − v/‖v‖‖, since scaling all weights changes none.
 *
 * The unit bounds the distance of two directions: √2 between non-negative weights, 2 otherwise, and diameter/ρ for a
 * polytope at least ρ away from zero.
 */
export function directionDistance({ center, minimum, diameterUpperBound }: Polytope): CandidateDistance {
  const widest = minimum.every((value) => value >= 0) ? Math.SQRT2 : 2;
  const nearest = Math.hypot(...center) - diameterUpperBound;
  return {
    unit: nearest > 0 ? Math.min(widest, diameterUpperBound / nearest) : widest,
    between: (w, v) => distance(w, v, inverseNorm(w), inverseNorm(v)),
  };
}

/** Whether w keeps its distance from every pending candidate and every completed noise-free trial. */
export function isSeparated(
  { between, unit }: CandidateDistance,
  w: Float64Array,
  { pending, completedNoiseFree }: Neighbours,
): boolean {
  return (
    pending.every((other) => between(w, other) >= PENDING_SEPARATION * unit) &&
    completedNoiseFree.every((other) => between(w, other) >= COMPLETED_SEPARATION * unit)
  );
}

/** The all-zero ranking has no direction and stays at zero. */
function inverseNorm(w: ArrayLike<number>): number {
  let squared = 0;
  for (let i = 0; i < w.length; i++) squared += w[i]! ** 2;
  return squared > 0 ? 1 / Math.sqrt(squared) : 1;
}

function distance(w: ArrayLike<number>, v: ArrayLike<number>, scaleW: number, scaleV: number): number {
  let squared = 0;
  for (let i = 0; i < w.length; i++) squared += (w[i]! * scaleW - v[i]! * scaleV) ** 2;
  return Math.sqrt(squared);
}
