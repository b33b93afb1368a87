import { firstCurvature, updateDampedBfgs } from '../damped-bfgs.ts';
import { contains, coordinatesOf, weightsAt, type Polytope } from './polytope.ts';
import { projectOnto } from './projection.ts';
import { solveQuadraticProgram } from '../quadratic-program.ts';
import { rowProduct } from '../row-product.ts';
import { dot } from '../triangular.ts';

/** f(w), writing ∇f(w), d, into `gradient`. */
export type SmoothFunction = (w: Float64Array, gradient: Float64Array) => number;

export interface LocalMaximum {
  readonly w: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the step that the constraints allow promises no further gain. */
  readonly converged: boolean;
}

/** How far a climb goes. */
export interface ClimbOptions {
  /** It stops where the constraints promise a gain below this, in f's units, or below f's rounding; 0 unless given. */
  readonly gainTolerance?: number;
  readonly maxIterations?: number;
}

/** A predicted gain gᵀp below this share of max(1, |f|) is below the rounding of f itself. */
const ROUNDING_GAIN = 1e-13;

/** When f's own rounding stops the line search, a predicted gain below this share still counts as converged. */
const STALLED_GAIN_TOLERANCE = 1e-8;

/** Superlinear convergence takes 10 to 40 iterations in these dimensions; more is a function that is not smooth. */
const DEFAULT_MAX_ITERATIONS = 150;

/** The first step's length, as a share of the diameter: inside the basin of most starts. */
const FIRST_STEP = 0.2;

/** Armijo's share of the predicted gain that a step must realise. */
const SUFFICIENT_GAIN = 1e-4;

/** Interpolated step lengths stay within these shares of the last; 40 halvings reach the rounding of t. */
const SHORTEST_BACKTRACK = 0.1;
const LONGEST_BACKTRACK = 0.5;
const MAX_BACKTRACKS = 40;

/** Added to the Hessian's diagonal, relative to its mean: bounds the condition number that the QP meets. */
const CURVATURE_FLOOR = 1e-11;

/**
 * Climbs a smooth function over a polytope from each start by sequential quadratic programming.
 *
 * max f(w) over w = center + Zt, Gt ≤ h; each step solves min ½pᵀBp − gᵀp subject to Gp ≤ h − Gt, g = Zᵀ∇f, B a damped
 * BFGS approximation of −Zᵀ∇²f Z, and is then shortened until f grows enough. Every iterate is feasible. It stops when
 * gᵀp, zero exactly where the projected gradient is, falls below the tolerance, by default to rounding. Adding a constant
 * to f changes where a climb ends by rounding alone.
 *
 * `starts` d each; those outside are projected first. f may return −Infinity or NaN away from a start, which shortens
 * the step; a start where it does is returned as it is, not converged.
 *
 * Source: Nocedal & Wright 2006, algorithm 18.3, for linear constraints.
 */
export function maximizeOverPolytope(
  polytope: Polytope,
  f: SmoothFunction,
  starts: readonly ArrayLike<number>[],
  options: ClimbOptions = {},
): LocalMaximum[] {
  return starts.map((start) => climb(polytope, f, start, options));
}

interface Iterate {
  readonly t: Float64Array;
  readonly w: Float64Array;
  readonly value: number;
  /** Zᵀ∇f, k. */
  readonly gradient: Float64Array;
}

function climb(
  polytope: Polytope,
  f: SmoothFunction,
  start: ArrayLike<number>,
  { gainTolerance = 0, maxIterations = DEFAULT_MAX_ITERATIONS }: ClimbOptions,
): LocalMaximum {
  const inside = contains(polytope, start) ? start : projectOnto(polytope, start);
  let current = evaluate(polytope, f, coordinatesOf(polytope, inside));
  if (!isUsable(current)) return { w: current.w, value: current.value, iterations: 0, converged: false };
  let B = initialHessian(polytope, current.gradient);
  let fresh = true;
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    const p = ascentStep(polytope, B, current);
    if (!p) {
      if (fresh) return finished(current, iterations, false);
      B = initialHessian(polytope, current.gradient);
      fresh = true;
      continue;
    }
    const gain = dot(current.gradient, 0, p, 0, p.length);
    const scale = Math.max(1, Math.abs(current.value));
    if (!(gain > Math.max(gainTolerance, ROUNDING_GAIN * scale))) return finished(current, iterations, true);
    const next = lineSearch(polytope, f, current, p, gain);
    if (!next) {
      if (fresh) return finished(current, iterations, gain <= STALLED_GAIN_TOLERANCE * scale);
      B = initialHessian(polytope, current.gradient);
      fresh = true;
      continue;
    }
    const s = next.t.map((value, j) => value - current.t[j]!);
    const y = current.gradient.map((value, j) => value - next.gradient[j]!);
    const curvature = fresh ? firstCurvature(s, y) : undefined;
    if (curvature !== undefined) B = diagonal(polytope.dimension, curvature);
    updateDampedBfgs(B, s, y, polytope.diameter);
    fresh = false;
    current = next;
  }
  return finished(current, iterations, false);
}

function finished({ w, value }: Iterate, iterations: number, converged: boolean): LocalMaximum {
  return { w, value, iterations, converged };
}

function evaluate(polytope: Polytope, f: SmoothFunction, t: Float64Array): Iterate {
  const { basis, dimension, weightCount } = polytope;
  const w = weightsAt(polytope, t);
  const full = new Float64Array(weightCount);
  const value = f(w, full);
  const gradient = new Float64Array(dimension);
  for (let i = 0; i < weightCount; i++) {
    for (let j = 0; j < dimension; j++) gradient[j]! += basis[i * dimension + j]! * full[i]!;
  }
  return { t, w, value, gradient };
}

function isUsable({ value, gradient }: Iterate): boolean {
  return Number.isFinite(value) && gradient.every(Number.isFinite);
}

/** The maximiser of the quadratic model over the polytope, as a step from t; undefined where B is spoilt by rounding. */
function ascentStep(
  { G, h, dimension }: Polytope,
  B: Float64Array,
  { t, gradient }: Iterate,
): Float64Array | undefined {
  const slack = h.map((bound, i) => Math.max(0, bound - rowProduct(G, i, t)));
  let trace = 0;
  for (let j = 0; j < dimension; j++) trace += B[j * dimension + j]!;
  const regular = Float64Array.from(B);
  for (let j = 0; j < dimension; j++) regular[j * dimension + j]! += (CURVATURE_FLOOR * trace) / dimension;
  const result = solveQuadraticProgram(
    regular,
    gradient.map((value) => -value),
    G,
    slack,
  );
  return result.status === 'optimal' ? result.x : undefined;
}

/** The first step length in 1, α₁, α₂, … that realises enough of the gain, each from the parabola through the last. */
function lineSearch(
  polytope: Polytope,
  f: SmoothFunction,
  current: Iterate,
  p: Float64Array,
  gain: number,
): Iterate | undefined {
  let length = 1;
  for (let backtrack = 0; backtrack <= MAX_BACKTRACKS; backtrack++) {
    const next = evaluate(
      polytope,
      f,
      current.t.map((value, j) => value + length * p[j]!),
    );
    const usable = isUsable(next);
    const growth = next.value - current.value;
    if (usable && growth >= SUFFICIENT_GAIN * length * gain) return next;
    const vertex = usable ? (0.5 * gain * length) / (gain * length - growth) : LONGEST_BACKTRACK;
    length *= Math.min(LONGEST_BACKTRACK, Math.max(SHORTEST_BACKTRACK, vertex));
  }
  return undefined;
}

function initialHessian({ dimension, diameter }: Polytope, gradient: Float64Array): Float64Array {
  const steepness = Math.sqrt(dot(gradient, 0, gradient, 0, dimension));
  return diagonal(dimension, steepness > 0 ? steepness / (FIRST_STEP * diameter) : 1);
}

function diagonal(k: number, value: number): Float64Array {
  const matrix = new Float64Array(k * k);
  for (let j = 0; j < k; j++) matrix[j * k + j] = value;
  return matrix;
}
