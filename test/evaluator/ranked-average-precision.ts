import type { Ranking } from '../../src/evaluator/ranking.ts';

/**
 * Average precision, one step per distinct score, over the rows that have a label.
 *
 * AP = Σ_n (R_n − R_{n−1}) P_n, with recall R_n and precision P_n at the n-th distinct score from above
 *
 * `ranking` pooled; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default. Undefined when the
 * positives weigh nothing.
 *
 * Source: scikit-learn's `average_precision_score`.
 */
export function averagePrecision(
  { order, tied }: Ranking,
  label: Int8Array,
  weight?: Float64Array,
): number | undefined {
  let truePositives = 0;
  let predicted = 0;
  let positivesInBlock = 0;
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    if (tied[i] === 0 && positivesInBlock > 0) {
      truePositives += positivesInBlock;
      sum += (positivesInBlock * truePositives) / predicted;
      positivesInBlock = 0;
    }
    const row = order[i]!;
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    predicted += w;
    positivesInBlock += w * y;
  }
  if (positivesInBlock > 0) {
    truePositives += positivesInBlock;
    sum += (positivesInBlock * truePositives) / predicted;
  }
  return truePositives === 0 ? undefined : sum / truePositives;
}
