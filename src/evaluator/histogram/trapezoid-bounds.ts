import { meanIntegral } from './mean-precision.ts';
import { type MetricBounds, orderedBounds } from './metric-bounds.ts';
import type { UtilityHistogram } from './utility-histogram.ts';

/**
 * Bounds of PR-AUC by the trapezoidal rule, names as in `averagePrecisionBounds`.
 *
 * A block of tied rows adds its positives times the mean of the precision before it and at its end. Both lie between
 * h(a) = (T + a)/(N + q + a) and g(a) = (T + a)/(N + a), a the bin's positives up to there, and h and g are concave, so that a
 * bin adds
 *
 * - at most the trapezoids of g over single positives, which are below its integral, and that with weights;
 * - at least one trapezoid of h over all p: its negatives first, then its positives tied.
 *
 * Precision before the first row is 1, as is g where N = 0. Undefined when the positives weigh nothing.
 */
export function trapezoidBounds({
  positive,
  negative,
  weighted,
}: UtilityHistogram): MetricBounds | undefined {
  let above = 0;
  let positivesAbove = 0;
  let lower = 0;
  let centre = 0;
  let upper = 0;
  for (let bin = positive.length - 1; bin >= 0; bin--) {
    const p = positive[bin]!;
    const q = negative[bin]!;
    if (p > 0) {
      const end = (positivesAbove + p) / (above + q + p);
      const start = above + q === 0 ? 1 : positivesAbove / (above + q);
      lower += (p * (start + end)) / 2;
      centre += p * meanIntegral(positivesAbove, above, p, 1 + q / p);
      upper += weighted
        ? p * meanIntegral(positivesAbove, above, p, 1)
        : unitTrapezoids(positivesAbove, above, p);
      positivesAbove += p;
    }
    above += p + q;
  }
  if (positivesAbove === 0) return undefined;
  return orderedBounds(lower / positivesAbove, centre / positivesAbove, upper / positivesAbove);
}

/** Σ_{i=1}^p (g(i − 1) + g(i))/2. */
function unitTrapezoids(truePositives: number, predicted: number, positives: number): number {
  let before = predicted === 0 ? 1 : truePositives / predicted;
  let sum = 0;
  for (let i = 1; i <= positives; i++) {
    const here = (truePositives + i) / (predicted + i);
    sum += (before + here) / 2;
    before = here;
  }
  return sum;
}
