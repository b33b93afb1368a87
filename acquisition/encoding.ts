import { isFixed, type Polytope } from '../math/polytope/polytope.ts';

/** The weights a model sees, and how: x_j = (w_i − l_i)/(u_i − l_i) for the j-th index i. */
export interface Encoding {
  readonly indices: Int32Array;
  readonly lower: Float64Array;
  readonly range: Float64Array;
}

/** The unit cube over every weight that the polytope leaves free, scaled by its declared range. */
export function unitCubeEncoding(polytope: Polytope): Encoding {
  const free = Array.from({ length: polytope.weightCount }, (_, i) => i).filter((i) => !isFixed(polytope, i));
  return {
    indices: Int32Array.from(free),
    lower: Float64Array.from(free, (i) => polytope.lower[i]!),
    range: Float64Array.from(free, (i) => polytope.upper[i]! - polytope.lower[i]!),
  };
}

/** x of w, written into `x`. */
export function encode({ indices, lower, range }: Encoding, w: ArrayLike<number>, x: Float64Array): void {
  for (let j = 0; j < indices.length; j++) x[j] = (w[indices[j]!]! - lower[j]!) / range[j]!;
}

/** ∂f/∂w_i = ∂f/∂x_j/(u_i − l_i), zero for weights the model does not see. */
export function chainGradient(
  { indices, range }: Encoding,
  gradientInCube: Float64Array,
  gradientInWeights: Float64Array,
): void {
  gradientInWeights.fill(0);
  for (let j = 0; j < indices.length; j++) gradientInWeights[indices[j]!] = gradientInCube[j]! / range[j]!;
}
