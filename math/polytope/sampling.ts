import { hitAndRun } from './hit-and-run.ts';
import { contains, isFixed, type Polytope } from './polytope.ts';
import type { Random } from '../random.ts';

/**
 * Points uniform on the polytope (with respect to the volume of its affine hull).
 *
 * Where it is a simplex {w ≥ l, Σw = C}, w = l + (C − Σl)·Dirichlet(1, …, 1) over the weights that are not fixed:
 * independent points. Otherwise hit-and-run from the center, directions scaled by the covariance of its burn-in:
 * correlated, weakly, from one point to the next. Nothing is ever rejected.
 *
 * Throws RangeError on a count that is not a whole number.
 */
export function samplePolytope(polytope: Polytope, count: number, random: Random): Float64Array[] {
  if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`cannot draw ${count} samples`);
  if (polytope.dimension === 0)
    return Array.from({ length: count }, () => Float64Array.from(polytope.center));
  const simplex = asSimplex(polytope);
  if (simplex) return Array.from({ length: count }, () => sampleSimplex(polytope, simplex, random));
  return hitAndRun(polytope, count, random);
}

interface Simplex {
  readonly free: readonly number[];
  /** C − Σl − Σfixed: what is left to share out. */
  readonly share: number;
}

/** The polytope as a scaled probability simplex, when every corner of that simplex belongs to it. */
function asSimplex(polytope: Polytope): Simplex | undefined {
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

function sampleSimplex({ center, lower }: Polytope, { free, share }: Simplex, random: Random): Float64Array {
  const w = Float64Array.from(center);
  let total = 0;
  for (const i of free) {
    w[i] = -Math.log1p(-random.uniform());
    total += w[i]!;
  }
  for (const i of free) w[i] = lower[i]! + (share * w[i]!) / total;
  return w;
}
