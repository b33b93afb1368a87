import type { MatchedPlaces } from '../counterfactual/matched-places.ts';
import type { PlaceEstimate } from '../counterfactual/place-estimate.ts';
import type { Selection } from '../selection.ts';

/**
 * The influence of each unit on a counterfactual estimate, which is a function of sums over requests.
 *
 * ψ_u = Σ_k (∂V/∂G_k G_uk + ∂V/∂M_k M_uk + ∂V/∂C_k C_uk + ∂V/∂(W − U)_k (W_u − U_uk)), sums of unit u alone
 *
 * Exact to first order: the delta method for ratios of sums (Deng et al. 2018, arXiv:1803.06336). `unitOfRequest` R; `psi` one
 * a unit, overwritten.
 */
export function counterfactualInfluence(
  { requestOffsets, label, requestWeight, counted }: Selection,
  { weights, position, gain, places }: MatchedPlaces,
  slopes: PlaceEstimate['slopes'],
  unitOfRequest: Int32Array,
  psi: Float64Array,
): void {
  psi.fill(0);
  const everyPlace = slopes.requests.reduce((sum, slope) => sum + slope, 0);
  for (let r = 0; r < counted.length; r++) {
    if (counted[r] === 0) continue;
    let sum = everyPlace;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      const k = position[i]!;
      if (k > places) continue;
      if (label[i]! < 0) sum -= slopes.requests[k]!;
      else sum += slopes.shown[k]! + weights[i]! * (slopes.gain[k]! * gain[i]! + slopes.matched[k]!);
    }
    psi[unitOfRequest[r]!]! += (requestWeight === undefined ? 1 : requestWeight[r]!) * sum;
  }
}
