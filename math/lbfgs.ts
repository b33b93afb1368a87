import { emptyHistory, quasiNewtonDirection, remember } from './quasi-newton.ts';
import { dot } from './triangular.ts';

/** Value at x; writes the gradient there into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface MinimizeOptions {
  readonly maxIterations?: number;
  /** Stops when no coordinate of the projected gradient P(x − g) − x exceeds it. */
  readonly gradientTolerance?: number;
  /** Stops when a step lowers f by less than it times max(1, |f|). */
  readonly decreaseTolerance?: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly reason: 'gradient' | 'decrease' | 'line-search' | 'max-iterations' | 'start-not-finite';
}

const DEFAULT_MAX_ITERATIONS = 200;
const DEFAULT_GRADIENT_TOLERANCE = 1e-5;
const DEFAULT_DECREASE_TOLERANCE = 1e-9;
/** Armijo and weak-Wolfe constants of Nocedal & Wright §3.1 for quasi-Newton directions. */
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
/** A bracket halved this often is at rounding error: 2⁻³⁰ ≈ 1e-9. */
const LAST_TRY = 30;

/**
 * A local minimum of f on a box, by projected limited-memory BFGS.
 *
 * x⁺ = P(x + t·p), p = −H·g on the variables not held by a bound, P the projection onto the box, t from a weak-Wolfe
 * bracket along the projected path. A value that is not finite counts as too high, so the step shrinks.
 * `start`, `lower`, `upper`, x: length n; bounds may be infinite.
 * Throws RangeError when lengths differ or a lower bound exceeds its upper one.
 * Source: Bertsekas 1982 (projected Newton); Nocedal & Wright 2006, algorithm 7.4; Lewis & Overton 2013 (bracket).
 */
export function minimize(
  f: Objective,
  start: Float64Array,
  { lower, upper }: Bounds,
  options: MinimizeOptions = {},
): Minimum {
  const {
    maxIterations = DEFAULT_MAX_ITERATIONS,
    gradientTolerance = DEFAULT_GRADIENT_TOLERANCE,
    decreaseTolerance = DEFAULT_DECREASE_TOLERANCE,
  } = options;
  const n = start.length;
  checkBounds(n, lower, upper);
  const history = emptyHistory(n);
  const clip = (value: number, i: number): number => Math.min(upper[i]!, Math.max(lower[i]!, value));
  let x = start.map(clip);
  let g = new Float64Array(n);
  let trial = new Float64Array(n);
  let trialGradient = new Float64Array(n);
  const direction = new Float64Array(n);
  let value = f(x, g);
  let evaluations = 1;
  let iterations = 0;

  /** Moves trial to an acceptable point of the path; its value, or NaN when there is none. */
  const search = (slope: number, firstStep: number): number => {
    let low = 0;
    let high = Infinity;
    let step = firstStep;
    for (let tries = 0; tries <= LAST_TRY; tries++) {
      let predicted = 0;
      for (let i = 0; i < n; i++) {
        trial[i] = clip(x[i]! + step * direction[i]!, i);
        predicted += g[i]! * (trial[i]! - x[i]!);
      }
      const candidate = f(trial, trialGradient);
      evaluations++;
      let slopeThere = 0;
      for (let i = 0; i < n; i++) {
        if (trial[i]! > lower[i]! && trial[i]! < upper[i]!) slopeThere += trialGradient[i]! * direction[i]!;
      }
      const usable = Number.isFinite(candidate) && Number.isFinite(slopeThere);
      if (!usable || candidate > value + SUFFICIENT_DECREASE * predicted) {
        high = step;
        step = tries === LAST_TRY - 1 && low > 0 ? low : shrink(low, high, value, slope, candidate);
        continue;
      }
      if (slopeThere >= CURVATURE * slope || tries >= LAST_TRY - 1) return candidate;
      low = step;
      step = high === Infinity ? 2 * step : (low + high) / 2;
    }
    return NaN;
  };
  const finish = (reason: Minimum['reason']): Minimum => {
    const converged = reason === 'gradient' || reason === 'decrease';
    return { x, value, iterations, evaluations, converged, reason };
  };

  if (!Number.isFinite(value) || !g.every(Number.isFinite)) return finish('start-not-finite');
  for (; iterations < maxIterations; iterations++) {
    if (projectedGradientNorm(x, g, clip) <= gradientTolerance) return finish('gradient');
    for (let i = 0; i < n; i++) {
      history.free[i] = isHeld(x[i]!, g[i]!, lower[i]!, upper[i]!) ? 0 : 1;
    }
    quasiNewtonDirection(history, g, direction);
    let slope = dot(g, 0, direction, 0, n);
    if (!(slope < 0)) {
      history.count = 0;
      quasiNewtonDirection(history, g, direction);
      slope = dot(g, 0, direction, 0, n);
    }
    const found = search(slope, history.count > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope)));
    if (Number.isNaN(found)) {
      if (history.count === 0) return finish('line-search');
      history.count = 0;
      continue;
    }
    remember(history, x, g, trial, trialGradient);
    [x, trial] = [trial, x];
    [g, trialGradient] = [trialGradient, g];
    const decrease = value - found;
    value = found;
    if (decrease <= decreaseTolerance * Math.max(1, Math.abs(value))) {
      iterations++;
      return finish('decrease');
    }
  }
  return finish('max-iterations');
}

/** Minimum of the parabola through f(0), f′(0) and f(high), kept inside the middle of the bracket. */
function shrink(low: number, high: number, value: number, slope: number, candidate: number): number {
  const middle = (low + high) / 2;
  if (low > 0 || !Number.isFinite(candidate)) return middle;
  const vertex = (-slope * high * high) / (2 * (candidate - value - slope * high));
  return Math.min(middle, Math.max(high / 10, vertex));
}

/** Whether a bound stops the steepest descent of this coordinate. */
function isHeld(x: number, g: number, lower: number, upper: number): boolean {
  return (x <= lower && g >= 0) || (x >= upper && g <= 0);
}

function projectedGradientNorm(
  x: Float64Array,
  g: Float64Array,
  clip: (value: number, i: number) => number,
): number {
  let norm = 0;
  for (let i = 0; i < x.length; i++) norm = Math.max(norm, Math.abs(clip(x[i]! - g[i]!, i) - x[i]!));
  return norm;
}

function checkBounds(n: number, lower: Float64Array, upper: Float64Array): void {
  if (lower.length !== n || upper.length !== n) {
    throw new RangeError(`expected ${n} bounds, got ${lower.length} and ${upper.length}`);
  }
  for (let i = 0; i < n; i++) {
    if (!(lower[i]! <= upper[i]!)) throw new RangeError(`bounds of variable ${i}: ${lower[i]} > ${upper[i]}`);
  }
}
