import type { Ranking } from '../ranking.ts';

/**
 * ROC-AUC inside each request, averaged by impressions; requests with one class are skipped.
 *
 * GAUC = Σ_r n_r AUC_r / Σ_r n_r, with n_r the rows of request r that have a label
 *
 * `ranking` within requests; `requestOffsets` R + 1; `label` n in {0, 1}, negative where missing. Undefined when no
 * request has both classes.
 *
 * Source: Zhu et al. 2017, arXiv:1706.06978, §4.3.
 */
export function groupedAuc(
  { order, tied }: Ranking,
  requestOffsets: Int32Array,
  label: Int8Array,
): number | undefined {
  let sum = 0;
  let impressions = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    let positives = 0;
    let negatives = 0;
    let positivesInBlock = 0;
    let negativesInBlock = 0;
    let pairs = 0;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      if (tied[i] === 0) {
        pairs += negativesInBlock * (positives + positivesInBlock / 2);
        positives += positivesInBlock;
        negatives += negativesInBlock;
        positivesInBlock = 0;
        negativesInBlock = 0;
      }
      const y = label[order[i]!]!;
      if (y === 1) positivesInBlock++;
      else if (y === 0) negativesInBlock++;
    }
    pairs += negativesInBlock * (positives + positivesInBlock / 2);
    positives += positivesInBlock;
    negatives += negativesInBlock;
    if (positives === 0 || negatives === 0) continue;
    sum += ((positives + negatives) * pairs) / (positives * negatives);
    impressions += positives + negatives;
  }
  return impressions === 0 ? undefined : sum / impressions;
}
