import type { ActiveSet } from './active-set.ts';

/**
 * A constraint is violated when its residual exceeds this share of the terms it is summed from: about 500 roundings
 * of slack, tight enough for weights to meet their constraints to 1e-9.
 */
const VIOLATION_TOLERANCE = 1e-13;

/**
 * Where constraints meet in nearly dependent normals, x is off by more than that. One that nothing can satisfy any more is taken
 * for met where its residual is below this share of the terms, and for a contradiction else.
 */
const SLIGHT_TOLERANCE = 1e-10;

/** h − Gx for one row. */
export function slack(x: Float64Array, row: number, G: Float64Array, h: Float64Array): number {
  let sum = h[row]!;
  for (let j = 0; j < x.length; j++) sum -= G[row * x.length + j]! * x[j]!;
  return sum;
}

/** The violated row that x is farthest from, of those that are neither active nor taken for met; −1 where there is none. */
export function mostViolated(
  active: ActiveSet,
  met: Uint8Array,
  x: Float64Array,
  G: Float64Array,
  h: Float64Array,
): number {
  const n = x.length;
  let worst = -1;
  let worstViolation = 0;
  for (let i = 0; i < h.length; i++) {
    let product = 0;
    let magnitude = Math.abs(h[i]!);
    let squaredNorm = 0;
    for (let j = 0; j < n; j++) {
      const entry = G[i * n + j]!;
      product += entry * x[j]!;
      magnitude += Math.abs(entry * x[j]!);
      squaredNorm += entry * entry;
    }
    const violation = product - h[i]!;
    if (violation <= VIOLATION_TOLERANCE * magnitude) continue;
    const distance = squaredNorm > 0 ? violation / Math.sqrt(squaredNorm) : Infinity;
    if (distance > worstViolation && met[i] === 0 && !isActive(active, i)) {
      worst = i;
      worstViolation = distance;
    }
  }
  return worst;
}

function isActive(active: ActiveSet, row: number): boolean {
  for (let j = 0; j < active.size; j++) if (active.indices[j] === row) return true;
  return false;
}

/** Whether a violation is no more than rounding may leave where constraints meet in nearly dependent normals. */
export function isSlight(x: Float64Array, row: number, G: Float64Array, h: Float64Array): boolean {
  const n = x.length;
  let magnitude = Math.abs(h[row]!);
  for (let j = 0; j < n; j++) magnitude += Math.abs(G[row * n + j]! * x[j]!);
  return -slack(x, row, G, h) <= SLIGHT_TOLERANCE * magnitude;
}
