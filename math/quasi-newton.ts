/** Pairs kept: our problems have 4 to 20 variables, where more buys nothing (Nocedal & Wright 2006, §7.2). */
const MEMORY = 10;
/** Pairs with sᵀy below this fraction of yᵀy would make the inverse Hessian indefinite in floating point. */
const MIN_CURVATURE = 1e-12;

/** The last steps s = Δx and gradient changes y = Δg, and which variables are free. */
export interface History {
  readonly s: Float64Array[];
  readonly y: Float64Array[];
  readonly a: Float64Array;
  readonly free: Float64Array;
  /** Steps remembered since the last reset; the latest is at (count − 1) mod MEMORY. */
  count: number;
}

export function emptyHistory(n: number): History {
  const pairs = (): Float64Array[] => Array.from({ length: MEMORY }, () => new Float64Array(n));
  return { s: pairs(), y: pairs(), a: new Float64Array(MEMORY), free: new Float64Array(n), count: 0 };
}

/** Keeps the step unless its curvature is not positive. */
export function remember(
  h: History,
  x: Float64Array,
  g: Float64Array,
  x1: Float64Array,
  g1: Float64Array,
): void {
  const s = h.s[h.count % MEMORY]!;
  const y = h.y[h.count % MEMORY]!;
  let sy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    s[i] = x1[i]! - x[i]!;
    y[i] = g1[i]! - g[i]!;
    sy += s[i]! * y[i]!;
    yy += y[i]! * y[i]!;
  }
  if (sy > MIN_CURVATURE * yy) h.count++;
}

/** p = −H·g by the two-loop recursion (Nocedal & Wright 2006, algorithm 7.4) on the free coordinates; p is 0 on the held ones. */
export function quasiNewtonDirection(h: History, g: Float64Array, p: Float64Array): void {
  const { free } = h;
  for (let i = 0; i < p.length; i++) p[i] = -g[i]! * free[i]!;
  let scale = 0;
  const oldest = Math.max(0, h.count - MEMORY);
  for (let m = h.count - 1; m >= oldest; m--) {
    const s = h.s[m % MEMORY]!;
    const y = h.y[m % MEMORY]!;
    const sy = freeDot(free, s, y);
    const yy = freeDot(free, y, y);
    if (!(sy > MIN_CURVATURE * yy)) continue;
    if (scale === 0) scale = sy / yy;
    const a = freeDot(free, s, p) / sy;
    h.a[m % MEMORY] = a;
    for (let i = 0; i < p.length; i++) p[i]! -= a * y[i]! * free[i]!;
  }
  if (scale === 0) return;
  for (let i = 0; i < p.length; i++) p[i]! *= scale;
  for (let m = oldest; m < h.count; m++) {
    const s = h.s[m % MEMORY]!;
    const y = h.y[m % MEMORY]!;
    const sy = freeDot(free, s, y);
    if (!(sy > MIN_CURVATURE * freeDot(free, y, y))) continue;
    const b = h.a[m % MEMORY]! - freeDot(free, y, p) / sy;
    for (let i = 0; i < p.length; i++) p[i]! += b * s[i]! * free[i]!;
  }
}

function freeDot(free: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += free[i]! * a[i]! * b[i]!;
  return sum;
}
