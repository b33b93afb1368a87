import { CONSTANT_TOLERANCE } from './standardize.ts';

/** A monotone map of a metric's values that takes outliers to the edge of the others before a fit. */
export interface Winsorizing {
  readonly forward: (value: number) => number;
  /** The noise variance of a mapped observation, from its value and raw variance; NaN is one to be inferred. */
  readonly variance: (value: number, variance: number) => number;
}

export interface WinsorizingOptions {
  /** A value never changes its side of any of them. */
  readonly bounds?: readonly number[];
  /** Which outliers are taken in; both unless given. */
  readonly tails?: 'low' | 'high' | 'both';
}

/** Leaves every value as it is. */
export const NOT_WINSORIZED: Winsorizing = {
  forward: (value) => value,
  variance: (_value, variance) => variance,
};

/**
 * An outlier is so many interquartile ranges beyond a quartile. Trials gather where a search converges, which shrinks the
 * range until Tukey's three would cut off the first trials, all that the model knows of elsewhere (docs/adr/0013).
 */
const FENCE = 10;
/** Quartiles of fewer values say nothing of their tails. */
const FEWEST_VALUES = 4;

/**
 * Winsorising: values beyond the fences become the most extreme value within them.
 *
 * fences = [Q₁ − 10·IQR, Q₃ + 10·IQR], z = min(high, max(low, y)), low and high the least and the greatest value within the
 * fences. Low and high are at least one IQR beyond every bound. Without spread (IQR = 0, or fewer than four values) nothing
 * is an outlier. A clipped value has IQR² as its noise variance, or its own where that is more: that it lies high is known,
 * how high is not, and taken as exact it would halve the lengthscales wherever its neighbours are not as high. `values` in
 * raw output units.
 * Throws RangeError when there are no values.
 */
export function winsorizing(
  values: Float64Array,
  { bounds = [], tails = 'both' }: WinsorizingOptions = {},
): Winsorizing {
  const { low, high, range } = limits(values, bounds);
  const least = tails === 'high' ? -Infinity : low;
  const most = tails === 'low' ? Infinity : high;
  return {
    forward: (value) => Math.min(most, Math.max(least, value)),
    variance(value, variance) {
      if (value >= least && value <= most) return variance;
      return variance > range * range ? variance : range * range;
    },
  };
}

interface Limits {
  readonly low: number;
  readonly high: number;
  /** Between the quartiles. */
  readonly range: number;
}

function limits(values: Float64Array, bounds: readonly number[]): Limits {
  const sorted = values.slice().sort();
  const q1 = quantile(sorted, 0.25);
  const q3 = quantile(sorted, 0.75);
  const range = q3 - q1;
  if (values.length < FEWEST_VALUES || !(range > CONSTANT_TOLERANCE * Math.max(Math.abs(q1), Math.abs(q3)))) {
    return { low: -Infinity, high: Infinity, range };
  }
  const within = sorted.filter((value) => value >= q1 - FENCE * range && value <= q3 + FENCE * range);
  const beyond = bounds.map((bound) => Math.max(range, CONSTANT_TOLERANCE * Math.abs(bound)));
  return {
    low: Math.min(within[0]!, ...bounds.map((bound, k) => bound - beyond[k]!)),
    high: Math.max(within.at(-1)!, ...bounds.map((bound, k) => bound + beyond[k]!)),
    range,
  };
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
