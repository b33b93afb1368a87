import type { Ranking } from '../../src/evaluator/ranking.ts';

/**
 * Area under the ROC curve: the probability that a positive is ranked above a negative, a tie counting ½.
 *
 * AUC = Σ_{i: y=1} Σ_{j: y=0} w_i w_j ([u_i > u_j] + ½ [u_i = u_j]) / (W₁ W₀)
 *
 * `ranking` pooled; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default. Undefined when either
 * class weighs nothing.
 *
 * Source: scikit-learn's `roc_auc_score`.
 */
export function rocAuc(
  { order, tied }: Ranking,
  label: Int8Array,
  weight?: Float64Array,
): number | undefined {
  let positives = 0;
  let negatives = 0;
  let positivesInBlock = 0;
  let negativesInBlock = 0;
  let pairs = 0;
  for (let i = 0; i < order.length; i++) {
    if (tied[i] === 0) {
      pairs += negativesInBlock * (positives + positivesInBlock / 2);
      positives += positivesInBlock;
      negatives += negativesInBlock;
      positivesInBlock = 0;
      negativesInBlock = 0;
    }
    const row = order[i]!;
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    if (y === 1) positivesInBlock += w;
    else negativesInBlock += w;
  }
  pairs += negativesInBlock * (positives + positivesInBlock / 2);
  positives += positivesInBlock;
  negatives += negativesInBlock;
  return positives === 0 || negatives === 0 ? undefined : pairs / (positives * negatives);
}
