import type { WorldParameters } from './draw-world.ts';
import { HEAD_COUNT } from './heads.ts';
import { COMMON_PRIOR } from './kinds.ts';
import type { Population } from './population.ts';
import { rankSlate } from './slate.ts';

/**
 * The true metric of each head under a weight vector: engagements per user in one experiment, all of them arrived.
 *
 * m_t(w) = 1/U Σ_j λ_j · mean over requests r of j of Σ_s e_s p_t(slate_r(w)_s)
 *
 * Exact, as the population is all there is. `weights` one a head.
 */
export function trueMetrics(
  { examination }: WorldParameters,
  population: Population,
  weights: ArrayLike<number>,
): Float64Array {
  const { users, requestsOfUser, candidatesOfRequest: count, activity, candidates } = population;
  const { truth } = candidates;
  const slate = new Int32Array(COMMON_PRIOR.slots);
  const utility = new Float64Array(slate.length);
  const metrics = new Float64Array(HEAD_COUNT);
  for (let j = 0; j < users; j++) {
    const share = activity[j]! / (users * requestsOfUser);
    for (let r = 0; r < requestsOfUser; r++) {
      rankSlate(candidates, (j * requestsOfUser + r) * count, count, weights, slate, utility);
      for (let t = 0; t < HEAD_COUNT; t++) {
        const p = truth[t]!;
        let sum = 0;
        for (let s = 0; s < slate.length; s++) sum += examination[s]! * p[slate[s]!]!;
        metrics[t]! += share * sum;
      }
    }
  }
  return metrics;
}
