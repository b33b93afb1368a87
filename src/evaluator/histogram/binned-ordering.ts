import type { Ordering } from '../utility.ts';
import type { BinnedLogRequest } from './binned-log.ts';
import type { BinnedOrdering } from './histogram-statement.ts';
import type { RowSummary } from './summary-statement.ts';
import { utilityBins } from './utility-bins.ts';

/**
 * An ordering as coefficients of the columns x0, x1, …: the heads, then the logged score where it is read, with bins over what its
 * utility can be in this log.
 *
 * Throws a `RangeError` where the weights do not fit, or the log was opened without the score that is asked for.
 */
export function binnedOrdering(
  { heads, baselineScore, bins, ranges }: BinnedLogRequest,
  { least, most }: RowSummary,
  ordering: Ordering,
): BinnedOrdering {
  const signs = Object.values(heads).map(({ sign }) => sign);
  const logged = ordering === 'baselineScore';
  if (logged && baselineScore === undefined)
    throw new RangeError('the log was opened without a baseline score');
  if (!logged && ordering.weights.length !== signs.length)
    throw new RangeError(`${ordering.weights.length} weights for ${signs.length} heads`);
  const coefficients = [
    ...signs.map((sign, t) => (logged ? 0 : sign * ordering.weights[t]!)),
    ...(baselineScore === undefined ? [] : [logged ? 1 : 0]),
  ];
  const found = coefficients.map((_, j) => ({ least: least[j]!, most: most[j]! }));
  return { coefficients, bins: utilityBins(coefficients, ranges ?? found, bins) };
}
