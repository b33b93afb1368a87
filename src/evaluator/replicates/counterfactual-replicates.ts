import type { MatchedPlaces } from '../counterfactual/matched-places.ts';
import type { PlaceEstimator } from '../counterfactual/place-estimate.ts';
import type { Selection } from '../selection.ts';
import type { Resamples } from './resamples.ts';

/**
 * A counterfactual estimate in every replicate, from the sums of its requests as often as they were drawn; NaN where a replicate
 * leaves it undefined.
 */
export function counterfactualReplicates(
  { requestOffsets, label, requestWeight, counted }: Selection,
  { weights, position, gain: gainOfRow, places, discounts }: MatchedPlaces,
  estimator: PlaceEstimator,
  { units, replicates, counts }: Resamples,
): Float64Array {
  const byPlace = (): Float64Array => new Float64Array((places + 1) * replicates);
  const [gain, matched, shown, unlabelled] = [byPlace(), byPlace(), byPlace(), byPlace()];
  const total = new Float64Array(replicates);
  const add = (to: Float64Array, at: number, from: number, value: number): void => {
    for (let b = 0; b < replicates; b++) to[at + b]! += counts[from + b]! * value;
  };
  for (let r = 0; r < counted.length; r++) {
    if (counted[r] === 0) continue;
    const w = requestWeight === undefined ? 1 : requestWeight[r]!;
    const from = units.ofRequest[r]! * replicates;
    add(total, 0, from, w);
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      const k = position[i]!;
      if (k > places) continue;
      const at = k * replicates;
      if (label[i]! < 0) {
        add(unlabelled, at, from, w);
        continue;
      }
      add(shown, at, from, w);
      const weight = w * weights[i]!;
      if (weight === 0) continue;
      add(matched, at, from, weight);
      if (gainOfRow[i]! > 0) add(gain, at, from, weight * gainOfRow[i]!);
    }
  }
  return total.map((weight, b) => {
    const inReplicate = (of: Float64Array): Float64Array =>
      Float64Array.from({ length: places + 1 }, (_, k) => of[k * replicates + b]!);
    const drawn = {
      gain: inReplicate(gain),
      matched: inReplicate(matched),
      shown: inReplicate(shown),
      unlabelled: inReplicate(unlabelled),
      squared: new Float64Array(places + 1),
      total: weight,
    };
    return estimator(drawn, discounts)?.value ?? NaN;
  });
}
