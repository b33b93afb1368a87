import type { Ranking } from '../../src/evaluator/ranking.ts';

/**
 * The influence of each unit on the trapezoid area under the precision-recall curve.
 *
 * A = 1/P Σ_b p_b (π_{b−1} + π_b)/2, with the precision π_b = TP_b/N_b of block b in the terms of b and b + 1, q_b =
 * (p_b + p_{b+1})/2 times. For row i of block j
 *
 * P ∂A/∂w_i = y_i ((π_{j−1} + π_j)/2 + Σ_{b ≥ j} q_b/N_b − A) − Σ_{b ≥ j} q_b TP_b/N_b²
 *
 * Blocks that weigh nothing are no points of the curve. Arguments as for `averagePrecisionInfluence`.
 */
export function prAucTrapezoidInfluence(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  unitOfRow: Int32Array,
  psi: Float64Array,
): void {
  psi.fill(0);
  let truePositives = 0;
  let predicted = 0;
  let precision = 1;
  let positivesBefore = 0;
  let above = 0;
  let aboveSquared = 0;
  let sum = 0;
  for (let i = 0; i < order.length;) {
    const start = i;
    const predictedBefore = predicted;
    let inBlock = 0;
    do {
      const row = order[i++]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      predicted += w;
      inBlock += w * y;
    } while (i < order.length && tied[i] === 1);
    if (predicted === predictedBefore) continue;
    if (predictedBefore > 0) {
      const terms = (positivesBefore + inBlock) / (2 * predictedBefore);
      above += terms;
      aboveSquared += terms * precision;
    }
    truePositives += inBlock;
    const here = truePositives / predicted;
    const height = (precision + here) / 2;
    for (let k = start; k < i; k++) {
      const row = order[k]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      psi[unitOfRow[row]!]! += w * (y === 1 ? height - above + aboveSquared : aboveSquared);
    }
    sum += inBlock * height;
    precision = here;
    positivesBefore = inBlock;
  }
  const last = positivesBefore / (2 * predicted);
  above += last;
  aboveSquared += last * precision;
  const ofPositive = above - sum / truePositives;
  for (let row = 0; row < label.length; row++) {
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    psi[unitOfRow[row]!]! += w * (y === 1 ? ofPositive - aboveSquared : -aboveSquared);
  }
  for (let u = 0; u < psi.length; u++) psi[u]! /= truePositives;
}
