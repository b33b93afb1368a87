import { appendActive, dropActive, solveFactored, type ActiveSet } from './active-set.ts';
import { isSlight, mostViolated, slack } from './violated-constraint.ts';

/** A normal keeping less than this share of its length outside the active normals' span depends on them. */
const DEPENDENCE_TOLERANCE = 1e-10;

/** A dual direction entry below this share of the largest is rounding and blocks nothing. */
const DUAL_TOLERANCE = 1e-12;

/** The dual method adds and drops each constraint a few times at most; a multiple of that is rounding going in circles. */
const STEPS_PER_CONSTRAINT = 50;

export type QuadraticProgramResult =
  | {
      readonly status: 'optimal';
      readonly x: Float64Array;
      /** m; non-negative, zero where the constraint is not active. */
      readonly multipliers: Float64Array;
    }
  | { readonly status: 'infeasible' }
  /** B is not positive definite, or so near to it that rounding keeps the method from an answer. */
  | { readonly status: 'ill-conditioned' };

/**
 * Minimises a strictly convex quadratic under linear inequalities by the dual active-set method.
 *
 * min ½xᵀBx + gᵀx subject to Gx ≤ h
 *
 * `B` n×n symmetric positive definite, `g` n, `G` m×n row-major, `h` m. At the solution Bx + g + Gᵀλ = 0, λ ≥ 0 and
 * λᵢ(h − Gx)ᵢ = 0. Redundant, duplicate and degenerate constraints are allowed.
 *
 * Throws RangeError on shapes that disagree.
 *
 * Source: Goldfarb & Idnani 1983, Mathematical Programming 27:1–33.
 */
export function solveQuadraticProgram(
  B: Float64Array,
  g: Float64Array,
  G: Float64Array,
  h: Float64Array,
): QuadraticProgramResult {
  const n = g.length;
  const m = h.length;
  if (B.length !== n * n) throw new RangeError(`expected a ${n}×${n} Hessian, got ${B.length} entries`);
  if (G.length !== m * n) throw new RangeError(`expected ${m}×${n} constraints, got ${G.length} entries`);
  const J = inverseTransposedFactor(B, n);
  if (!J) return { status: 'ill-conditioned' };
  const x = unconstrainedMinimum(J, g);
  let active: ActiveSet = {
    n,
    J,
    R: new Float64Array(n * n),
    indices: new Int32Array(n + 1),
    multipliers: new Float64Array(n + 1),
    size: 0,
  };
  const d = new Float64Array(n);
  const r = new Float64Array(n);
  const met = new Uint8Array(m);
  for (let step = 0; step < STEPS_PER_CONSTRAINT * (n + m + 1); step++) {
    restoreActive(active, x, G, h);
    const violated = mostViolated(active, met, x, G, h);
    if (violated < 0) return optimum(active, x, m);
    const before = isSlight(x, violated, G, h) ? copyOf(active, x) : undefined;
    if (enforce(active, x, violated, G, h, d, r)) continue;
    if (before === undefined) return { status: 'infeasible' };
    ({ active } = before);
    x.set(before.x);
    met[violated] = 1;
  }
  return { status: 'ill-conditioned' };
}

function copyOf(
  active: ActiveSet,
  x: Float64Array,
): { readonly active: ActiveSet; readonly x: Float64Array } {
  const { J, R, indices, multipliers } = active;
  const copied = { ...active, J: J.slice(), R: R.slice() };
  return { active: { ...copied, indices: indices.slice(), multipliers: multipliers.slice() }, x: x.slice() };
}

/** Adds constraint p to the active set, dropping those whose multipliers reach zero first; false when none can satisfy it. */
function enforce(
  active: ActiveSet,
  x: Float64Array,
  p: number,
  G: Float64Array,
  h: Float64Array,
  d: Float64Array,
  r: Float64Array,
): boolean {
  const { n, J, R, multipliers } = active;
  multipliers[active.size] = 0;
  for (;;) {
    const q = active.size;
    let squaredLength = 0;
    let squaredOutside = 0;
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum -= J[i * n + j]! * G[p * n + i]!;
      d[j] = sum;
      squaredLength += sum * sum;
      if (j >= q) squaredOutside += sum * sum;
    }
    solveFactored(R, n, q, d, r);

    const dependent = squaredOutside <= DEPENDENCE_TOLERANCE ** 2 * squaredLength;
    let largest = 0;
    for (let j = 0; j < q; j++) largest = Math.max(largest, Math.abs(r[j]!));
    let dual = Infinity;
    let drop = -1;
    for (let j = 0; j < q; j++) {
      if (r[j]! > DUAL_TOLERANCE * largest && multipliers[j]! / r[j]! < dual) {
        dual = multipliers[j]! / r[j]!;
        drop = j;
      }
    }
    const full = dependent ? Infinity : -slack(x, p, G, h) / squaredOutside;
    const length = Math.min(dual, full);
    if (length === Infinity) return false;

    for (let j = 0; j < q; j++) multipliers[j] = Math.max(0, multipliers[j]! - length * r[j]!);
    multipliers[q]! += length;
    if (!dependent) {
      for (let i = 0; i < n; i++) {
        let direction = 0;
        for (let j = q; j < n; j++) direction += J[i * n + j]! * d[j]!;
        x[i]! += length * direction;
      }
    }
    if (full <= dual) {
      appendActive(active, p, d);
      return true;
    }
    dropActive(active, drop);
  }
}

/** Moves x back onto the active constraints, x += J₁R⁻ᵀ(residual): what many small steps left of rounding. */
function restoreActive(active: ActiveSet, x: Float64Array, G: Float64Array, h: Float64Array): void {
  const { n, J, R, size, indices } = active;
  const y = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    let sum = -slack(x, indices[j]!, G, h);
    for (let i = 0; i < j; i++) sum -= R[i * n + j]! * y[i]!;
    y[j] = sum / R[j * n + j]!;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < size; j++) x[i]! += J[i * n + j]! * y[j]!;
  }
}

/** L⁻ᵀ, upper triangular, with B = LLᵀ. */
function inverseTransposedFactor(B: Float64Array, n: number): Float64Array | undefined {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = B[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= L[i * n + k]! * L[j * n + k]!;
      if (i === j && !(sum > 0)) return undefined;
      L[i * n + j] = i === j ? Math.sqrt(sum) : sum / L[j * n + j]!;
    }
  }
  const J = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let i = column; i < n; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= L[i * n + k]! * J[column * n + k]!;
      J[column * n + i] = sum / L[i * n + i]!;
    }
  }
  return J;
}

/** −B⁻¹g = −J(Jᵀg). */
function unconstrainedMinimum(J: Float64Array, g: Float64Array): Float64Array {
  const n = g.length;
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let image = 0;
    for (let i = 0; i < n; i++) image += J[i * n + j]! * g[i]!;
    for (let i = 0; i < n; i++) x[i]! -= J[i * n + j]! * image;
  }
  return x;
}

function optimum(active: ActiveSet, x: Float64Array, m: number): QuadraticProgramResult {
  const multipliers = new Float64Array(m);
  for (let j = 0; j < active.size; j++) multipliers[active.indices[j]!] = active.multipliers[j]!;
  return { status: 'optimal', x, multipliers };
}
