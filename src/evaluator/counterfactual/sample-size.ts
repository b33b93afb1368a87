import type { PlaceSums } from './place-sums.ts';

/** The effective size of the sample that a counterfactual estimate is made from. */
export type SampleSize = (sums: Pick<PlaceSums, 'matched' | 'squared' | 'shown'>) => number;

/**
 * The effective sample size of all places together, that of `inversePropensity`: the number of rows of equal weight whose mean
 * would be as uncertain.
 *
 * ESS = (Σ_i w_r ω_i)²/Σ_i (w_r ω_i)² = (Σ_k M_k)²/Σ_k Q_k, 0 without a match
 *
 * Source: Kish 1965, Survey Sampling.
 */
export const sampleSize: SampleSize = ({ matched, squared }) => {
  let sum = 0;
  let sumOfSquares = 0;
  for (let k = 1; k < matched.length; k++) {
    sum += matched[k]!;
    sumOfSquares += squared[k]!;
  }
  return sizeOf(sum, sumOfSquares);
};

/** The smallest effective sample size of a place, min_k M_k²/Q_k, of those that a request has: that of `selfNormalised`. */
export const smallestSampleSize: SampleSize = ({ matched, squared, shown }) => {
  let smallest = Infinity;
  for (let k = 1; k < matched.length; k++) {
    if (shown[k]! > 0) smallest = Math.min(smallest, sizeOf(matched[k]!, squared[k]!));
  }
  return smallest === Infinity ? 0 : smallest;
};

/** In this order neither huge nor tiny request weights overflow or vanish. */
function sizeOf(sum: number, sumOfSquares: number): number {
  return sumOfSquares === 0 ? 0 : sum * (sum / sumOfSquares);
}
