/** A monotone map of a metric's values that tames outliers before a fit. */
export interface OutlierTransform {
  readonly forward: (value: number) => number;
  /** The value that maps there; undefined where there is none or more than one. */
  readonly inverse: (transformed: number) => number | undefined;
  /** The noise variance of a transformed observation, from its value and raw variance; NaN is one to be inferred. */
  readonly variance: (value: number, variance: number) => number;
}

/** An outlier is three interquartile ranges beyond a quartile (Tukey's "far out"): 1 in 400,000 of a normal sample. */
const FENCE = 3;
/** An interquartile range below this fraction of the values' size is their rounding. */
const CONSTANT_TOLERANCE = 8 * Number.EPSILON;

/**
 * The bi-logarithm around a bound: linear near it, logarithmic far from it, so that the sign of the margin and what happens
 * at the bound stay as they are.
 *
 * z = sign(u)·log(1 + |u|), u = (y − bound)/scale; y = bound + scale·sign(z)(e^{|z|} − 1); variance_z = variance_y /
 * (scale + |y − bound|)² (delta method). The bound maps to 0. `bound` and `scale` in raw output units.
 * Throws RangeError unless the bound is finite and the scale positive.
 * Source: Eriksson & Poloczek 2021, Scalable constrained Bayesian optimization, arXiv:2002.08526 (there scale = 1).
 */
export function bilog(bound: number, scale: number): OutlierTransform {
  if (!Number.isFinite(bound)) throw new RangeError(`bound ${bound}`);
  if (!(scale > 0 && scale < Infinity)) throw new RangeError(`scale ${scale} is not positive`);
  return {
    forward(value) {
      const u = (value - bound) / scale;
      return Math.sign(u) * Math.log1p(Math.abs(u));
    },
    inverse: (z) => bound + scale * Math.sign(z) * Math.expm1(Math.abs(z)),
    variance: (value, variance) => variance / (scale + Math.abs(value - bound)) ** 2,
  };
}

/**
 * A scale for `bilog` from the values themselves, the median of |y − bound|: half of them stay in its nearly linear part.
 *
 * 1 where the median is 0. `values` in raw output units. Throws RangeError when there are none.
 */
export function bilogScale(values: Float64Array, bound: number): number {
  const margins = values.map((value) => Math.abs(value - bound)).sort();
  return quantile(margins, 0.5) || 1;
}

/**
 * Winsorising: values beyond the fences become the most extreme value within them.
 *
 * fences = [Q₁ − 3·IQR, Q₃ + 3·IQR], z = min(high, max(low, y)), low and high the least and the greatest value within the
 * fences. With a `bound`, low and high are at least one IQR beyond it, so that a value never changes its side. Without
 * spread (IQR = 0, or fewer than four values) nothing is an outlier. A clipped value has IQR² as its noise variance, or its
 * own where that is more: that it lies high is known, how high is not, and taken as exact it would halve the lengthscales
 * wherever its neighbours are not as high. `values` in raw output units.
 * Throws RangeError when there are no values.
 */
export function winsorizing(values: Float64Array, bound?: number): OutlierTransform {
  const { low, high, range } = limits(values, bound);
  return {
    forward: (value) => Math.min(high, Math.max(low, value)),
    inverse: (z) => (z > low && z < high ? z : undefined),
    variance(value, variance) {
      if (value >= low && value <= high) return variance;
      return variance > range * range ? variance : range * range;
    },
  };
}

/** `first`, then `second`, as winsorising before the bi-logarithm, which alone only dampens an outlier to its logarithm. */
export function compose(first: OutlierTransform, second: OutlierTransform): OutlierTransform {
  return {
    forward: (value) => second.forward(first.forward(value)),
    inverse(z) {
      const between = second.inverse(z);
      return between === undefined ? undefined : first.inverse(between);
    },
    variance: (value, variance) => second.variance(first.forward(value), first.variance(value, variance)),
  };
}

interface Limits {
  readonly low: number;
  readonly high: number;
  /** Between the quartiles. */
  readonly range: number;
}

function limits(values: Float64Array, bound?: number): Limits {
  const sorted = values.slice().sort();
  const q1 = quantile(sorted, 0.25);
  const q3 = quantile(sorted, 0.75);
  const range = q3 - q1;
  if (values.length < 4 || !(range > CONSTANT_TOLERANCE * Math.max(Math.abs(q1), Math.abs(q3)))) {
    return { low: -Infinity, high: Infinity, range };
  }
  const within = sorted.filter((value) => value >= q1 - FENCE * range && value <= q3 + FENCE * range);
  const low = within[0]!;
  const high = within.at(-1)!;
  if (bound === undefined) return { low, high, range };
  const beyond = Math.max(range, CONSTANT_TOLERANCE * Math.abs(bound));
  return { low: Math.min(low, bound - beyond), high: Math.max(high, bound + beyond), range };
}

/** Linear between order statistics (R's type 7). */
function quantile(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0) throw new RangeError('quantile of 0 values');
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const fraction = position - below;
  const lower = sorted[below]!;
  return fraction === 0 ? lower : lower + fraction * (sorted[below + 1]! - lower);
}
