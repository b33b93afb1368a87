import type { RequestTerms } from '../selection.ts';

/**
 * The influence of each unit on a weighted mean over requests.
 *
 * ψ_u = Σ_{r ∈ u} w_r (v_r − v̄)/Σ_r w_r, v̄ = `mean`
 *
 * `terms` as the metric wrote them, weights 0 where a request is left out; `unitOfRequest` R; `psi` one a unit, overwritten.
 * Exact: this is the delta method for a ratio of sums (Deng et al. 2018, arXiv:1803.06336).
 */
export function requestMeanInfluence(
  { value, weight }: RequestTerms,
  mean: number,
  unitOfRequest: Int32Array,
  psi: Float64Array,
): void {
  psi.fill(0);
  let total = 0;
  for (let r = 0; r < value.length; r++) {
    const w = weight[r]!;
    if (w === 0) continue;
    total += w;
    psi[unitOfRequest[r]!]! += w * (value[r]! - mean);
  }
  for (let u = 0; u < psi.length; u++) psi[u]! /= total;
}
