import type { Ranking } from '../../src/evaluator/ranking.ts';

/**
 * Area under the precision-recall curve by the trapezoidal rule, one point per distinct score, from precision 1 at recall 0.
 *
 * A = Σ_n (R_n − R_{n−1}) (P_n + P_{n−1}) / 2, R_0 = 0, P_0 = 1
 *
 * It joins points by lines that no threshold reaches, so it is too optimistic (Davis and Goadrich 2006): `averagePrecision`
 * is the estimate to steer by.
 *
 * `ranking` pooled; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default. Undefined when the
 * positives weigh nothing.
 *
 * Source: scikit-learn's `auc(recall, precision)` of `precision_recall_curve`.
 */
export function prAucTrapezoid(
  { order, tied }: Ranking,
  label: Int8Array,
  weight?: Float64Array,
): number | undefined {
  let truePositives = 0;
  let predicted = 0;
  let precision = 1;
  let sum = 0;
  for (let i = 0; i < order.length;) {
    let positivesInBlock = 0;
    do {
      const row = order[i++]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      predicted += w;
      positivesInBlock += w * y;
    } while (i < order.length && tied[i] === 1);
    if (predicted === 0) continue;
    truePositives += positivesInBlock;
    const here = truePositives / predicted;
    sum += (positivesInBlock * (precision + here)) / 2;
    precision = here;
  }
  return truePositives === 0 ? undefined : sum / truePositives;
}
