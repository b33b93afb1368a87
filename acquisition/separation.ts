import type { Polytope } from '../math/polytope/polytope.ts';

/** Of the diameter: concurrent candidates closer than this would teach the model nearly the same thing. */
export const PENDING_SEPARATION = 1e-3;

/** Of the diameter: a noise-free trial repeated closer than this makes the Gram matrix singular and tells nothing. */
export const COMPLETED_SEPARATION = 1e-6;

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

/** Whether w keeps its distance from every pending candidate and every completed noise-free trial. */
export function isSeparated(polytope: Polytope, w: Float64Array, neighbours: Neighbours): boolean {
  const unit = separationUnit(polytope);
  const { pending, completedNoiseFree } = neighbours;
  return (
    pending.every((other) => candidateDistance(polytope, w, other) >= PENDING_SEPARATION * unit) &&
    completedNoiseFree.every((other) => candidateDistance(polytope, w, other) >= COMPLETED_SEPARATION * unit)
  );
}

/**
 * How different two candidates are to a ranking.
 *
 * ‖w − v‖ under a sum constraint, else ‖w/‖w‖ − v/‖v‖‖: without one, scaling all weights changes nothing.
 */
export function candidateDistance({ sum }: Polytope, w: ArrayLike<number>, v: ArrayLike<number>): number {
  const scaleW = sum === undefined ? inverseNorm(w) : 1;
  const scaleV = sum === undefined ? inverseNorm(v) : 1;
  let squared = 0;
  for (let i = 0; i < w.length; i++) squared += (w[i]! * scaleW - v[i]! * scaleV) ** 2;
  return Math.sqrt(squared);
}

/** The all-zero ranking has no direction and stays at zero. */
function inverseNorm(w: ArrayLike<number>): number {
  let squared = 0;
  for (let i = 0; i < w.length; i++) squared += w[i]! ** 2;
  return squared > 0 ? 1 / Math.sqrt(squared) : 1;
}

/**
 * The diameter that separations are shares of, in the unit of `candidateDistance`.
 *
 * Without a sum constraint it bounds the distance of two directions: √2 between non-negative weights, 2 otherwise, and
 * diameter/ρ for a polytope at least ρ away from zero.
 */
export function separationUnit({ sum, center, minimum, diameter, diameterUpperBound }: Polytope): number {
  if (sum !== undefined) return diameter;
  const widest = minimum.every((value) => value >= 0) ? Math.SQRT2 : 2;
  const nearest = Math.hypot(...center) - diameterUpperBound;
  return nearest > 0 ? Math.min(widest, diameterUpperBound / nearest) : widest;
}
