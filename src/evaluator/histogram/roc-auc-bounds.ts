import { type MetricBounds, orderedBounds } from './metric-bounds.ts';
import type { UtilityHistogram } from './utility-histogram.ts';

/**
 * Sharp bounds of ROC-AUC: the positives of each bin below its negatives, and above them; between the two, all tied.
 *
 * AUC · W₁W₀ = Σ_b q_b (T_b + h p_b), T_b the positives above bin b, p_b and q_b its positives and negatives, h = 0, ½ and 1
 *
 * Undefined when either class weighs nothing.
 */
export function rocAucBounds({ positive, negative }: UtilityHistogram): MetricBounds | undefined {
  let positives = 0;
  let negatives = 0;
  let certain = 0;
  let within = 0;
  for (let bin = positive.length - 1; bin >= 0; bin--) {
    const p = positive[bin]!;
    const q = negative[bin]!;
    certain += q * positives;
    within += q * p;
    positives += p;
    negatives += q;
  }
  const pairs = positives * negatives;
  if (pairs === 0) return undefined;
  return orderedBounds(certain / pairs, (certain + within / 2) / pairs, (certain + within) / pairs);
}
