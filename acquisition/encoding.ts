import { isFixed, type Polytope } from '../math/polytope/polytope.ts';

/** The weights a model sees, and how: x_j = (w_i − l_i)/(u_i − l_i) for the j-th index i, l and u the ends of what it can be. */
export interface Encoding {
  readonly indices: Int32Array;
  readonly lower: Float64Array;
  readonly range: Float64Array;
}

/** Of a range: an end that constraints leave so near to the declared one is that, but for their rounding. */
const SAME_END = 1e-9;

/** Of the widest: a weight that varies by less is fixed by the constraints together, but for their rounding. */
const FIXED_WIDTH = 1e-9;

/**
 * The unit cube over every weight that the polytope leaves free, scaled by what the constraints leave of its range: of a
 * range far beyond that, trials would fill a corner in which every function looks smooth.
 */
export function unitCubeEncoding(polytope: Polytope): Encoding {
  const { weightCount, lower, upper, minimum, maximum } = polytope;
  const widths = maximum.map((most, i) => most - minimum[i]!);
  const leastWidth = FIXED_WIDTH * Math.max(...widths);
  const free = Array.from({ length: weightCount }, (_, i) => i).filter(
    (i) => !isFixed(polytope, i) && widths[i]! > leastWidth,
  );
  const snapped = (end: number, declared: number, i: number): number =>
    Math.abs(end - declared) <= SAME_END * widths[i]! ? declared : end;
  const least = Float64Array.from(free, (i) => snapped(minimum[i]!, lower[i]!, i));
  return {
    indices: Int32Array.from(free),
    lower: least,
    range: Float64Array.from(free, (i, j) => snapped(maximum[i]!, upper[i]!, i) - least[j]!),
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
