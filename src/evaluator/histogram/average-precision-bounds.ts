import { type MetricBounds, orderedBounds } from './metric-bounds.ts';
import { meanPrecision } from './mean-precision.ts';
import type { UtilityHistogram } from './utility-histogram.ts';

/**
 * Bounds of average precision, sharp without weights.
 *
 * A block of tied rows adds its positives times TP/N at its end. Above a bin stand T positives of N rows; it has p positives and
 * q negatives. As T ≤ N, (T + a)/(N + a + c) rises with a and falls with c, so at the end of a block with a of the bin's positives
 * and c of its negatives above or in it
 *
 * - it is at most (T + p)/(N + p): all positives tied, above all negatives. Positives one at a time would be less.
 * - it is at least (T + a)/(N + q + a): all negatives first. The i-th positive stands in a block that ends at some a ≥ i, so the
 *   bin adds at least Σ_i (T + i)/(N + q + i), positives one at a time. With weights a ≥ s at weight s of the positives, and the
 *   bin adds at least ∫₀^p (T + s)/(N + q + s) ds, which is the same for ever smaller weights.
 *
 * Undefined when the positives weigh nothing.
 */
export function averagePrecisionBounds({
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
      lower += p * meanPrecision(positivesAbove, above + q, p, 0, weighted);
      centre += p * meanPrecision(positivesAbove, above, p, weighted ? q / p : q / (p + 1), weighted);
      upper += (p * (positivesAbove + p)) / (above + p);
      positivesAbove += p;
    }
    above += p + q;
  }
  if (positivesAbove === 0) return undefined;
  return orderedBounds(lower / positivesAbove, centre / positivesAbove, upper / positivesAbove);
}
