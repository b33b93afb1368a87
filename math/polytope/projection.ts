import { coordinatesOf, weightsAt, type Polytope } from './polytope.ts';
import { solveQuadraticProgram } from '../quadratic-program.ts';

/**
 * The point of the polytope nearest to w.
 *
 * min ‖v − w‖² over v = center + Zt, Gt ≤ h, that is min ½‖t‖² − tᵀZᵀ(w − center)
 *
 * `w` d, any finite weights.
 */
export function projectOnto(polytope: Polytope, w: ArrayLike<number>): Float64Array {
  const { dimension: k, weightCount, G, h } = polytope;
  if (w.length !== weightCount) throw new RangeError(`expected ${weightCount} weights, got ${w.length}`);
  if (k === 0) return Float64Array.from(polytope.center);
  const identity = new Float64Array(k * k);
  for (let j = 0; j < k; j++) identity[j * k + j] = 1;
  const target = coordinatesOf(polytope, w);
  const result = solveQuadraticProgram(
    identity,
    target.map((value) => -value),
    G,
    h,
  );
  if (result.status !== 'optimal') throw new RangeError('the polytope has lost its interior point');
  return weightsAt(polytope, result.x);
}
