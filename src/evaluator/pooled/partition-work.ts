import { createSortWork, type SortWork } from './sort-by-utility.ts';

/** What one thread needs for one partition; every partition overwrites it. */
export interface PartitionWork {
  readonly selections: number;
  readonly lanes: number;
  /** Of the positives. */
  readonly sort: SortWork;
  /** (capacity + 1) · lanes: rows without a positive below each place of what is sorted and above or at the one before. */
  readonly below: Float64Array;
  /** The same rows, where they are equal to the place. */
  readonly equal: Float64Array;
  readonly thresholds: Thresholds;
}

/**
 * The distinct utilities of a partition's positives, from high to low, and the weight of rows at and between them. A lane
 * counts rows: one lane for all selections where they have the same rows, else one each.
 */
export interface Thresholds {
  /** size · selections: positives at threshold t of each. */
  readonly positives: Float64Array;
  /** size · lanes: rows at threshold t, positives too. */
  readonly tied: Float64Array;
  /** (size + 1) · lanes: rows above threshold 0, then those below threshold t and above t + 1. */
  readonly between: Float64Array;
  size: number;
}

export function createPartitionWork(capacity: number, selections: number, lanes: number): PartitionWork {
  return {
    selections,
    lanes,
    sort: createSortWork(capacity),
    below: new Float64Array((capacity + 1) * lanes),
    equal: new Float64Array((capacity + 1) * lanes),
    thresholds: {
      positives: new Float64Array(capacity * selections),
      tied: new Float64Array(capacity * lanes),
      between: new Float64Array((capacity + 1) * lanes),
      size: 0,
    },
  };
}
