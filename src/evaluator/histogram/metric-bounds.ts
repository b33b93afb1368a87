import type { UtilityHistogram } from './utility-histogram.ts';

/** What is certain of a metric: lower ≤ value ≤ upper, whatever order the rows of each bin have, ties and all. */
export interface MetricBounds {
  readonly lower: number;
  readonly upper: number;
  /** The value where the negatives of each bin lie evenly between its positives. */
  readonly centre: number;
}

/** Bounds of a pooled metric; undefined where the metric is. */
export type BoundsOf = (histogram: UtilityHistogram) => MetricBounds | undefined;

/** The value lies in no other place than its bounds, and rounding must not put it there. */
export function orderedBounds(lower: number, centre: number, upper: number): MetricBounds {
  const most = Math.max(lower, upper);
  return { lower, upper: most, centre: Math.min(Math.max(centre, lower), most) };
}
