import type { Ranking } from '../../src/evaluator/ranking.ts';

/**
 * The influence of each unit on average precision: its derivative with respect to the unit's weight, all row weights of a
 * unit scaled alike.
 *
 * AP = 1/P Σ_b p_b TP_b/N_b over blocks b of tied rows, p_b the weight of a block's positives, TP_b and N_b those of the
 * positives and of all rows down to its end, P of all positives. For row i of block j
 *
 * P ∂AP/∂w_i = y_i (TP_j/N_j + Σ_{b ≥ j} p_b/N_b − AP) − Σ_{b ≥ j} p_b TP_b/N_b²
 *
 * ψ_u = Σ_{i ∈ u} w_i ∂AP/∂w_i; one pass over the ranking takes the sums over b < j, one over the rows the rest.
 *
 * `ranking` pooled; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default; `unitOfRow` n; `psi` one a
 * unit, overwritten. The positives weigh something.
 */
export function averagePrecisionInfluence(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  unitOfRow: Int32Array,
  psi: Float64Array,
): void {
  psi.fill(0);
  let truePositives = 0;
  let predicted = 0;
  let above = 0;
  let aboveSquared = 0;
  let sum = 0;
  for (let i = 0; i < order.length;) {
    const start = i;
    let inBlock = 0;
    do {
      const row = order[i++]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      predicted += w;
      inBlock += w * y;
    } while (i < order.length && tied[i] === 1);
    truePositives += inBlock;
    const precision = inBlock > 0 ? truePositives / predicted : 0;
    for (let k = start; k < i; k++) {
      const row = order[k]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      psi[unitOfRow[row]!]! += w * (y === 1 ? precision - above + aboveSquared : aboveSquared);
    }
    if (inBlock === 0) continue;
    sum += inBlock * precision;
    above += inBlock / predicted;
    aboveSquared += (inBlock * precision) / predicted;
  }
  const ofPositive = above - sum / truePositives;
  for (let row = 0; row < label.length; row++) {
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    psi[unitOfRow[row]!]! += w * (y === 1 ? ofPositive - aboveSquared : -aboveSquared);
  }
  for (let u = 0; u < psi.length; u++) psi[u]! /= truePositives;
}
