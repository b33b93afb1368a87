import type { SortedPositives } from './sort-thresholds.ts';

/** What one thread needs for one partition; every partition overwrites it. */
export interface PartitionWork {
  /** Positives that fit. */
  readonly capacity: number;
  readonly selections: number;
  readonly lanes: number;
  readonly sorted: SortedPositives;
  readonly spare: SortedPositives;
  /** Where the positives of each bucket begin, one place on. */
  readonly bucketStart: Uint32Array;
  /** (capacity + 1) · lanes: rows without a positive below each place of `sorted` and above or at the one before. */
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

/** Buckets for each positive, so that most hold one or none. */
const BUCKETS_PER_POSITIVE = 2;

export function createPartitionWork(capacity: number, selections: number, lanes: number): PartitionWork {
  return {
    capacity,
    selections,
    lanes,
    sorted: positives(capacity),
    spare: positives(capacity),
    bucketStart: new Uint32Array(bucketsFor(capacity) + 2),
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

/** A power of two. */
export function bucketsFor(positives: number): number {
  return BUCKETS_PER_POSITIVE * 2 ** Math.ceil(Math.log2(Math.max(positives, 1)));
}

/** One place more than the capacity, for a sentinel. */
function positives(capacity: number): SortedPositives {
  return {
    utility: new Float64Array(capacity + 1),
    code: new Uint16Array(capacity + 1),
    weight: new Float64Array(capacity + 1),
  };
}
