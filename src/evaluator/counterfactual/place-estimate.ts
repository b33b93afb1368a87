import type { CumulativeExamination } from '../examination-curve.ts';
import type { PlaceSums } from './place-sums.ts';

/** A counterfactual estimate, and its derivative by each of the sums that it is made of, K + 1 values each. */
export interface PlaceEstimate {
  readonly value: number;
  readonly slopes: {
    readonly gain: Float64Array;
    readonly matched: Float64Array;
    readonly shown: Float64Array;
    /** By W − U_k. */
    readonly requests: Float64Array;
  };
}

/** An estimator of the discounted gain of a ranking that was not shown; undefined where no request tells of a place. */
export type PlaceEstimator = (sums: PlaceSums, discounts: CumulativeExamination) => PlaceEstimate | undefined;

/**
 * Inverse propensity scoring: the mean over requests of the discounted gains of the rows that stay at their place.
 *
 * V = Σ_k δ_k G_k/(W − U_k), δ_k = E_k − E_{k−1}
 *
 * with the sums G, W, U of `PlaceSums` and the discounts E of the first places: Σ_i ω_i δ_{k_i} g_i averaged over requests, where
 * a request whose row at a place has no label does not count for that place's mean. Unbiased where production could have shown
 * what the ranking shows, the propensities are right, and no weight is clipped.
 *
 * Source: Li et al. 2018, arXiv:1804.10488, the item-position estimator; `SlateIndependentIPS` of the Open Bandit Pipeline.
 */
export const inversePropensity: PlaceEstimator = (sums, discounts) => {
  const { gain, unlabelled, total } = sums;
  const estimate = emptyEstimate(gain.length);
  const { slopes } = estimate;
  let value = 0;
  for (let k = 1; k < gain.length; k++) {
    const discount = discounts[k]! - discounts[k - 1]!;
    const requests = total - unlabelled[k]!;
    if (!(requests > 0)) return undefined;
    const term = (discount * gain[k]!) / requests;
    value += term;
    slopes.gain[k] = discount / requests;
    slopes.requests[k] = -term / requests;
  }
  return total > 0 ? { value, slopes } : undefined;
};

/**
 * Self-normalised inverse propensity scoring, each place by its own weights.
 *
 * V = Σ_k δ_k (C_k/(W − U_k)) (G_k/M_k), δ_k = E_k − E_{k−1}
 *
 * with the sums of `PlaceSums`: the weighted mean gain at place k, times the share of requests that have one. E M_k = C_k where
 * production could have shown what the ranking shows, so that this is `inversePropensity` with each G_k multiplied by C_k/M_k;
 * a constant added to all gains of a place moves the estimate by exactly that. Consistent, with a bias of the order of one over
 * the effective sample size of the place. A place without a match counts 0; its effective sample size is 0 (`smallestSampleSize`).
 *
 * Source: Swaminathan and Joachims 2015, The self-normalized estimator for counterfactual learning, at each place;
 * `SelfNormalizedSlateIndependentIPS` of the Open Bandit Pipeline, which divides by the mean weight of all places together.
 */
export const selfNormalised: PlaceEstimator = (sums, discounts) => {
  const { gain, matched, shown, unlabelled, total } = sums;
  const estimate = emptyEstimate(gain.length);
  const { slopes } = estimate;
  let value = 0;
  for (let k = 1; k < gain.length; k++) {
    const discount = discounts[k]! - discounts[k - 1]!;
    const requests = total - unlabelled[k]!;
    if (!(requests > 0)) return undefined;
    if (matched[k] === 0) continue;
    const mean = gain[k]! / matched[k]!;
    const share = shown[k]! / requests;
    const term = discount * share * mean;
    value += term;
    slopes.gain[k] = (discount * share) / matched[k]!;
    slopes.matched[k] = -term / matched[k]!;
    slopes.shown[k] = (discount * mean) / requests;
    slopes.requests[k] = -term / requests;
  }
  return total > 0 ? { value, slopes } : undefined;
};

function emptyEstimate(length: number): PlaceEstimate {
  const [gain, matched, shown, requests] = Array.from({ length: 4 }, () => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { value: 0, slopes: { gain, matched, shown, requests } };
}
