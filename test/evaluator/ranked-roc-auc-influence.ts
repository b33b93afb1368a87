import type { Ranking } from '../../src/evaluator/ranking.ts';

/**
 * The influence of each unit on the area under the ROC curve.
 *
 * ∂AUC/∂w_i = (below_i/W₀ − AUC)/W₁ of a positive, (above_i/W₁ − AUC)/W₀ of a negative, with below_i the weight of the
 * negatives below row i and above_i that of the positives above it, those tied with it counting ½; W₁, W₀ the weight of all
 * positives and of all negatives.
 *
 * Both classes weigh something; arguments as for `averagePrecisionInfluence`.
 *
 * Source: DeLong, DeLong and Clarke-Pearson 1988, whose placement values these are, clustered by unit.
 */
export function rocAucInfluence(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  unitOfRow: Int32Array,
  psi: Float64Array,
): void {
  psi.fill(0);
  let allPositives = 0;
  let allNegatives = 0;
  for (let row = 0; row < label.length; row++) {
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    if (y === 1) allPositives += w;
    else allNegatives += w;
  }
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  for (let i = 0; i < order.length;) {
    const start = i;
    let positivesInBlock = 0;
    let negativesInBlock = 0;
    do {
      const row = order[i++]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      if (y === 1) positivesInBlock += w;
      else negativesInBlock += w;
    } while (i < order.length && tied[i] === 1);
    const above = positives + positivesInBlock / 2;
    const below = allNegatives - negatives - negativesInBlock / 2;
    for (let k = start; k < i; k++) {
      const row = order[k]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      psi[unitOfRow[row]!]! += w * (y === 1 ? below : above);
    }
    pairs += negativesInBlock * above;
    positives += positivesInBlock;
    negatives += negativesInBlock;
  }
  const scale = allPositives * allNegatives;
  const belowOnAverage = pairs / allPositives;
  const aboveOnAverage = pairs / allNegatives;
  for (let row = 0; row < label.length; row++) {
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    psi[unitOfRow[row]!]! -= w * (y === 1 ? belowOnAverage : aboveOnAverage);
  }
  for (let u = 0; u < psi.length; u++) psi[u]! /= scale;
}
