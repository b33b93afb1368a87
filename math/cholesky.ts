import { dot, solveLower } from './triangular.ts';

/** Smallest addition to the diagonal that is tried, relative to its mean: the factor's own rounding is below it for n ≤ 10⁵. */
const FIRST_JITTER = 1e-10;
const JITTER_GROWTH = 10;
/** Largest one: beyond a millionth of the variance the model would no longer be the one asked for. */
const LAST_JITTER = 1e-6;
/** A pivot below n·ε of its own diagonal entry is rounding error, whatever its sign. */
const PIVOT_TOLERANCE = Number.EPSILON;

/** A lower factor L of A + jitter·I, row-major n×n; the strict upper triangle of `factor` means nothing. */
export interface Cholesky {
  readonly size: number;
  readonly factor: Float64Array;
  readonly jitter: number;
}

/** The matrix is not positive definite even with the largest jitter; `pivot` is the row where it showed. */
export class NotPositiveDefiniteError extends Error {
  readonly size: number;
  readonly pivot: number;
  readonly jitter: number;

  constructor(size: number, pivot: number, jitter: number) {
    super(`matrix of size ${size} is not positive definite at row ${pivot} (jitter ${jitter})`);
    this.name = 'NotPositiveDefiniteError';
    this.size = size;
    this.pivot = pivot;
    this.jitter = jitter;
  }
}

/**
 * Cholesky factor of a symmetric matrix, A + jitter·I = LLᵀ.
 *
 * `A` n×n row-major, of which only the lower triangle is read; jitter is 0 wherever that works, else the first of
 * 1e-10, 1e-9, … 1e-6 times the mean of the diagonal that does.
 * Throws NotPositiveDefiniteError, and RangeError when `A` is not n×n.
 */
export function cholesky(A: Float64Array, n: number): Cholesky {
  checkSquare(A, n);
  return choleskyFilled((out) => out.set(A), n);
}

/** `cholesky` into the caller's n×n array, which is not `A`; returns the jitter. */
export function choleskyInto(A: Float64Array, n: number, out: Float64Array): number {
  checkSquare(A, n);
  return factorFilled((target) => target.set(A), n, out);
}

/** `cholesky` of a matrix of which there is no copy: `fill` writes its lower triangle, again for each jitter that is tried. */
export function choleskyFilled(fill: (out: Float64Array) => void, n: number): Cholesky {
  const factor = new Float64Array(n * n);
  const jitter = factorFilled(fill, n, factor);
  return { size: n, factor, jitter };
}

function checkSquare(A: Float64Array, n: number): void {
  if (A.length !== n * n) throw new RangeError(`expected ${n}×${n} = ${n * n} entries, got ${A.length}`);
}

function factorFilled(fill: (out: Float64Array) => void, n: number, out: Float64Array): number {
  fill(out);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += out[i * n + i]!;
  const first = (FIRST_JITTER * trace) / n;
  const last = (LAST_JITTER * trace) / n;
  for (let jitter = 0; ; jitter = jitter === 0 ? first : jitter * JITTER_GROWTH) {
    if (jitter !== 0) fill(out);
    for (let i = 0; i < n; i++) out[i * n + i]! += jitter;
    const failed = factorInPlace(out, n);
    if (failed < 0) return jitter;
    // Half a step of slack: the ladder's own rounding must not skip the last rung.
    const isLast = !(jitter * Math.sqrt(JITTER_GROWTH) < last);
    if (isLast) throw new NotPositiveDefiniteError(n, failed, jitter);
  }
}

/**
 * Factor of the matrix bordered by one row, in O(n²).
 *
 * With A = LLᵀ, the new last row of L is (wᵀ, √(c − wᵀw)), Lw = b.
 * `b` length n, the new row of A; `c` its diagonal entry, to which the jitter policy applies alone.
 * Throws NotPositiveDefiniteError.
 */
export function appendRow(previous: Cholesky, b: Float64Array, c: number): Cholesky {
  const n = previous.size;
  if (b.length !== n) throw new RangeError(`expected a row of ${n} entries, got ${b.length}`);
  const m = n + 1;
  const factor = new Float64Array(m * m);
  for (let i = 0; i < n; i++) {
    factor.set(previous.factor.subarray(i * n, i * n + i + 1), i * m);
  }
  const row = factor.subarray(n * m, n * m + n);
  row.set(b);
  solveLower(previous.factor, n, row);
  const squared = dot(row, 0, row, 0, n);
  for (let jitter = 0; ; jitter = jitter === 0 ? FIRST_JITTER * c : jitter * JITTER_GROWTH) {
    const pivot = c + jitter - squared;
    if (pivot > m * PIVOT_TOLERANCE * c) {
      factor[n * m + n] = Math.sqrt(pivot);
      return { size: m, factor, jitter: Math.max(previous.jitter, jitter) };
    }
    const isLast = !(jitter * Math.sqrt(JITTER_GROWTH) < LAST_JITTER * c);
    if (isLast) throw new NotPositiveDefiniteError(m, n, jitter);
  }
}

/** Overwrites the lower triangle with L, four rows by two columns at a time; returns the row whose pivot failed, or −1. */
function factorInPlace(A: Float64Array, n: number): number {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    for (let j = 0; j < i; j += 2) eliminate(A, n, i, j);
    for (let row = i; row < i + 4; row++) {
      if (!factorRow(A, n, row, i)) return row;
    }
  }
  for (; i < n; i++) {
    if (!factorRow(A, n, i, 0)) return i;
  }
  return -1;
}

/** Columns j and j + 1 of L in the four rows from i on, the columns before being known. */
function eliminate(A: Float64Array, n: number, i: number, j: number): void {
  const r0 = i * n;
  const r1 = r0 + n;
  const r2 = r1 + n;
  const r3 = r2 + n;
  const p = j * n;
  const q = p + n;
  let s0 = A[r0 + j]!;
  let s1 = A[r1 + j]!;
  let s2 = A[r2 + j]!;
  let s3 = A[r3 + j]!;
  let t0 = A[r0 + j + 1]!;
  let t1 = A[r1 + j + 1]!;
  let t2 = A[r2 + j + 1]!;
  let t3 = A[r3 + j + 1]!;
  for (let k = 0; k < j; k++) {
    const l = A[p + k]!;
    const m = A[q + k]!;
    const x0 = A[r0 + k]!;
    const x1 = A[r1 + k]!;
    const x2 = A[r2 + k]!;
    const x3 = A[r3 + k]!;
    s0 -= x0 * l;
    t0 -= x0 * m;
    s1 -= x1 * l;
    t1 -= x1 * m;
    s2 -= x2 * l;
    t2 -= x2 * m;
    s3 -= x3 * l;
    t3 -= x3 * m;
  }
  const first = 1 / A[p + j]!;
  A[r0 + j] = s0 *= first;
  A[r1 + j] = s1 *= first;
  A[r2 + j] = s2 *= first;
  A[r3 + j] = s3 *= first;
  const between = A[q + j]!;
  const second = 1 / A[q + j + 1]!;
  A[r0 + j + 1] = (t0 - s0 * between) * second;
  A[r1 + j + 1] = (t1 - s1 * between) * second;
  A[r2 + j + 1] = (t2 - s2 * between) * second;
  A[r3 + j + 1] = (t3 - s3 * between) * second;
}

/** Finishes one row of L from column `from` on; false when its pivot is not positive. */
function factorRow(A: Float64Array, n: number, row: number, from: number): boolean {
  const start = row * n;
  for (let j = from; j < row; j++) {
    A[start + j] = (A[start + j]! - dot(A, start, A, j * n, j)) / A[j * n + j]!;
  }
  const diagonal = A[start + row]!;
  const pivot = diagonal - dot(A, start, A, start, row);
  if (!(pivot > n * PIVOT_TOLERANCE * diagonal && pivot < Infinity)) return false;
  A[start + row] = Math.sqrt(pivot);
  return true;
}
