import type { Ranking } from '../ranking.ts';
import type { Selection } from '../selection.ts';

/** What a request counts for: its rows, its positives, or once. */
export type GroupWeights = 'impression' | 'positive' | 'one';

/**
 * ROC-AUC inside each request, averaged over requests; requests with one class are skipped.
 *
 * GAUC = Σ_r ω_r AUC_r / Σ_r ω_r, with ω_r = Σ w_i over the rows of request r that have a label (impression), over its
 * positives (positive), or the mean of w_i over its rows with a label (one)
 *
 * AUC_r is weighted by rows, as in `rocAuc`. `ranking` within requests. Undefined when no request has both classes.
 *
 * Source: Zhu et al. 2017, arXiv:1706.06978, §4.3.
 */
export function groupedAuc(
  { order, tied }: Ranking,
  { requestOffsets, label, weight, requestWeight, counted, positives: positiveRows, terms }: Selection,
  weights: GroupWeights,
): number | undefined {
  let sum = 0;
  let total = 0;
  terms?.weight.fill(0);
  for (let r = 0; r < counted.length; r++) {
    if (positiveRows[r] === 0 || positiveRows[r] === counted[r]) continue;
    const to = requestOffsets[r + 1]!;
    let positives = 0;
    let negatives = 0;
    let pairs = 0;
    for (let i = requestOffsets[r]!; i < to;) {
      let positivesInBlock = 0;
      let negativesInBlock = 0;
      do {
        const row = order[i++]!;
        const y = label[row]!;
        if (y < 0) continue;
        const w = weight === undefined ? 1 : weight[row]!;
        if (y === 1) positivesInBlock += w;
        else negativesInBlock += w;
      } while (i < to && tied[i] === 1);
      pairs += negativesInBlock * (positives + positivesInBlock / 2);
      positives += positivesInBlock;
      negatives += negativesInBlock;
    }
    if (positives === 0 || negatives === 0) continue;
    const mean = requestWeight === undefined ? 1 : requestWeight[r]!;
    const omega =
      weights === 'impression' ? positives + negatives : weights === 'positive' ? positives : mean;
    sum += (omega * pairs) / (positives * negatives);
    total += omega;
    if (terms === undefined) continue;
    terms.value[r] = pairs / (positives * negatives);
    terms.weight[r] = omega;
  }
  return total === 0 ? undefined : sum / total;
}
