import type { EngagementLog } from './engagement-log.ts';
import { type KendallScratch, kendallScratch } from './kendall-tau.ts';
import { selectRows } from './selection.ts';
import { type Ordering, writeUtility } from './utility.ts';

/** Two orderings of a log, and what comparing them request by request needs. */
export interface ComparedOrderings {
  /** Utilities of all rows. */
  readonly one: Float64Array;
  readonly other: Float64Array;
  /** What a request counts for: the mean of its rows' weights; undefined where each counts one. */
  readonly requestWeight: Float64Array | undefined;
  /** As long as the longest request. */
  readonly scratch: KendallScratch;
  readonly inOne: Float64Array;
  readonly inOther: Float64Array;
}

/** Throws RangeError where `cutoff`, the places that are looked at, is not a whole number above 0. */
export function comparedOrderings(
  log: EngagementLog,
  first: Ordering,
  second: Ordering,
  cutoff: number,
): ComparedOrderings {
  if (!(Number.isInteger(cutoff) && cutoff > 0)) throw new RangeError(`the first ${cutoff} places`);
  const { rows, requestOffsets } = log;
  const one = new Float64Array(rows);
  const other = new Float64Array(rows);
  writeUtility(log, first, one);
  writeUtility(log, second, other);
  const { requestWeight } = selectRows(requestOffsets, new Int8Array(rows), log.weight);
  const longest = longestOf(requestOffsets);
  const scratch = kendallScratch(longest);
  return {
    one,
    other,
    requestWeight,
    scratch,
    inOne: new Float64Array(longest),
    inOther: new Float64Array(longest),
  };
}

/** The rows of the longest request. */
function longestOf(requestOffsets: Int32Array): number {
  let longest = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    longest = Math.max(longest, requestOffsets[r + 1]! - requestOffsets[r]!);
  }
  return longest;
}
