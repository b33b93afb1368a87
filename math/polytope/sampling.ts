import { hitAndRun } from './hit-and-run.ts';
import type { Polytope } from './polytope.ts';
import type { Random } from '../random.ts';
import { asSimplex, type Simplex } from './simplex.ts';

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
