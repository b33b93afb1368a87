import { contains, isFixed, type Polytope } from './polytope.ts';

/** {w ≥ l, Σw = C} over the weights that are not fixed. */
export interface Simplex {
  readonly free: readonly number[];
  /** C − Σl − Σfixed: what is left to share out. */
  readonly share: number;
}

/** The polytope as a scaled probability simplex, when every corner of that simplex belongs to it. */
export function asSimplex(polytope: Polytope): Simplex | undefined {
  const { sum, center, lower, dimension, weightCount } = polytope;
  if (sum === undefined) return undefined;
  const free = Array.from({ length: weightCount }, (_, i) => i).filter((i) => !isFixed(polytope, i));
  if (free.length !== dimension + 1) return undefined;
  const base = Float64Array.from(center);
  for (const i of free) base[i] = lower[i]!;
  const share = base.reduce((rest, value) => rest - value, sum);
  const corner = Float64Array.from(base);
  for (const i of free) {
    corner[i]! += share;
    if (!contains(polytope, corner)) return undefined;
    corner[i] = base[i]!;
  }
  return { free, share };
}
