/**
 * The influence of each unit on a weighted mean over rows that have a label.
 *
 * ψ_u = Σ_{i ∈ u} w_i (l_i − l̄)/Σ_i w_i, l_i = `lossOf` of the row's probability and label, l̄ = `mean`
 *
 * `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default; `psi` one a unit, overwritten.
 */
export function rowMeanInfluence(
  probability: Float64Array,
  label: Int8Array,
  weight: Float64Array | undefined,
  lossOf: (probability: number, label: number) => number,
  mean: number,
  unitOfRow: Int32Array,
  psi: Float64Array,
): void {
  psi.fill(0);
  let total = 0;
  for (let row = 0; row < label.length; row++) {
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    total += w;
    psi[unitOfRow[row]!]! += w * (lossOf(probability[row]!, y) - mean);
  }
  for (let u = 0; u < psi.length; u++) psi[u]! /= total;
}
