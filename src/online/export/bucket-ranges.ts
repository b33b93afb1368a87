import type { Allocation } from '../../domain/allocation.ts';
import { armWeights } from './arm-weights.ts';
import { BUCKETS, bucketOf } from './bucket.ts';

/** The buckets n with start ≤ n < end. */
export type BucketRange = readonly [start: number, end: number];

/**
 * The buckets of each arm.
 *
 * arm i has [s_i, s_i + coverage·w_i), s_i = w_0 + … + w_{i−1}
 *
 * Starts do not depend on the coverage, so more coverage only adds users: nobody who has an arm gets another. `weights` add
 * up to 1. In the arithmetic of GrowthBook, to the bit.
 */
export function bucketRanges(weights: readonly number[], coverage: number): readonly BucketRange[] {
  let start = 0;
  return weights.map((weight) => {
    const range: BucketRange = [start, start + coverage * weight];
    start += weight;
    return range;
  });
}

/** The first range that has this bucket; −1 where none has. */
export function rangeOf(bucket: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(([start, end]) => bucket >= start && bucket < end);
}

/** The arms' shares of the experiment as fractions of 10,000, which add up to 1. */
export function bucketWeights(allocation: Allocation): readonly number[] {
  return armWeights(allocation, BUCKETS).map((weight) => weight / BUCKETS);
}

/**
 * The arm that a user gets, as an index; undefined for one who takes no part.
 *
 * Throws `experiment_invalid` where an arm has less than a bucket.
 */
export function armOf(allocation: Allocation, id: string): number | undefined {
  const ranges = bucketRanges(bucketWeights(allocation), allocation.coverage);
  const arm = rangeOf(bucketOf(allocation.seed, id), ranges);
  return arm < 0 ? undefined : arm;
}
