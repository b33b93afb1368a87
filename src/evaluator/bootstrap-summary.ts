import { mean, sampleStddev } from '../../math/statistics.ts';

/** What the replicates of a bootstrap say of a number. */
export interface BootstrapSummary {
  /** Standard deviation over the replicates (n − 1). */
  readonly sem: number;
  /** Central percentile interval. */
  readonly interval: readonly [number, number];
  /** Replicates that leave the number undefined; they count for neither. */
  readonly undefinedReplicates: number;
}

/**
 * Standard error and percentile interval of `replicates`, of the given level.
 *
 * Throws RangeError with fewer than two replicates that are defined.
 */
export function bootstrapSummary(replicates: Float64Array, level = 0.95): BootstrapSummary {
  const defined = replicates.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length < 2)
    throw new RangeError(`${defined.length} of ${replicates.length} replicates defined`);
  const tail = (1 - level) / 2;
  return {
    sem: sampleStddev(defined),
    interval: [quantile(defined, tail), quantile(defined, 1 - tail)],
    undefinedReplicates: replicates.length - defined.length,
  };
}

/** The replicates of a difference of two numbers with common resamples: its summary is the paired one. */
export function differences(replicates: Float64Array, others: Float64Array): Float64Array {
  return replicates.map((value, b) => value - others[b]!);
}

/** The covariance of two numbers over common replicates (n − 1), without those where one is undefined. */
export function replicateCovariance(replicates: Float64Array, others: Float64Array): number {
  const both = Array.from(replicates.keys()).filter((b) => !Number.isNaN(replicates[b]! + others[b]!));
  if (both.length < 2) throw new RangeError(`${both.length} of ${replicates.length} replicates defined`);
  const meanOfOne = mean(Float64Array.from(both, (b) => replicates[b]!));
  const meanOfOther = mean(Float64Array.from(both, (b) => others[b]!));
  const sum = both.reduce((total, b) => total + (replicates[b]! - meanOfOne) * (others[b]! - meanOfOther), 0);
  return sum / (both.length - 1);
}

/** Between the order statistics of sorted values, at place (n − 1)p from 0: numpy's default. */
function quantile(sorted: Float64Array, p: number): number {
  const place = (sorted.length - 1) * p;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
