import type { UtilityBins } from './utility-bins.ts';

/**
 * What a log holds in each bin of utility, of the rows that one head and segment count: all that pooled metrics need to be
 * bounded. Arrays of B, from the lowest bin to the highest.
 */
export interface UtilityHistogram {
  readonly bins: UtilityBins;
  /** Rows with a positive label, or, where rows have weights, their summed weights. */
  readonly positive: Float64Array;
  /** The same of the rows with a negative one: as a sum of its own, since a difference of sums of weights may lose all digits. */
  readonly negative: Float64Array;
  /** Whether the sums are of weights, so that a positive may weigh anything. */
  readonly weighted: boolean;
}

/**
 * The histogram of two parts of a log together, such as two days or two shards: sums, exact to the bit where rows have no weights.
 *
 * Throws RangeError where the two have other bins, which do not add up.
 */
export function addHistograms(a: UtilityHistogram, b: UtilityHistogram): UtilityHistogram {
  const same =
    a.bins.lowest === b.bins.lowest && a.bins.scale === b.bins.scale && a.bins.count === b.bins.count;
  if (!same) throw new RangeError('histograms of different bins do not add up');
  return {
    bins: a.bins,
    positive: a.positive.map((sum, bin) => sum + b.positive[bin]!),
    negative: a.negative.map((sum, bin) => sum + b.negative[bin]!),
    weighted: a.weighted || b.weighted,
  };
}
