import { HEADS } from '../../bench/online/world/heads.ts';
import { COMMON_PRIOR } from '../../bench/online/world/kinds.ts';
import { rankSlate } from '../../bench/online/world/slate.ts';
import type { World } from '../../bench/online/world/world.ts';

const SAVE = HEADS.indexOf('save');

/**
 * The share of users that save something under a weight vector, as an experiment without a season counts them.
 *
 * User j makes Poisson(λ_j) requests, each uniform among his, of which a share q_j = 1 − mean_r Π_s (1 − e_s p_rs a) has a save that arrives: P(none) = exp(−λ_j q_j),
 * e the examination of a slot, p the probability of a save and a the share that has arrived.
 */
export function trueSavers({ parameters, population }: World, weights: ArrayLike<number>): number {
  const { examination, maturity } = parameters;
  const { users, requestsOfUser, candidatesOfRequest: count, activity, candidates } = population;
  const save = candidates.truth[SAVE]!;
  const slate = new Int32Array(COMMON_PRIOR.slots);
  const utility = new Float64Array(slate.length);
  let savers = 0;
  for (let j = 0; j < users; j++) {
    let none = 0;
    for (let r = 0; r < requestsOfUser; r++) {
      rankSlate(candidates, (j * requestsOfUser + r) * count, count, weights, slate, utility);
      let left = 1;
      for (let s = 0; s < slate.length; s++) left *= 1 - examination[s]! * save[slate[s]!]! * maturity[SAVE]!;
      none += left / requestsOfUser;
    }
    savers += (1 - Math.exp(-activity[j]! * (1 - none))) / users;
  }
  return savers;
}
