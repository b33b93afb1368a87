import type { Random } from '../../../math/random.ts';
import { type Candidates, drawRequest, emptyCandidates } from './draw-request.ts';
import type { WorldParameters } from './draw-world.ts';
import { COMMON_PRIOR } from './kinds.ts';

/**
 * All users that there are, with all the requests that they make: a finite population, so that what is true of weights is a
 * sum and no estimate. Experiments draw users and their requests from it, with replacement.
 */
export interface Population {
  readonly users: number;
  readonly requestsOfUser: number;
  readonly candidatesOfRequest: number;
  /** λ, the mean number of requests of each user in one experiment. */
  readonly activity: Float64Array;
  /** Request r of user j has the rows from (j·requestsOfUser + r)·candidatesOfRequest on. */
  readonly candidates: Candidates;
}

export function drawPopulation(world: WorldParameters, random: Random): Population {
  const { users, requestsOfUser, candidates: count, meanRequests, requestsSpread: spread } = COMMON_PRIOR;
  const activity = new Float64Array(users);
  const candidates = emptyCandidates(users * requestsOfUser * count);
  for (let j = 0; j < users; j++) {
    activity[j] = meanRequests * Math.exp(spread * random.normal() - spread ** 2 / 2);
    const user = COMMON_PRIOR.userSpread * random.normal();
    for (let r = 0; r < requestsOfUser; r++) {
      const intent = COMMON_PRIOR.intentSpread * random.normal();
      const at = (j * requestsOfUser + r) * count;
      drawRequest(world, user, intent, random, candidates, at, count);
    }
  }
  return { users, requestsOfUser, candidatesOfRequest: count, activity, candidates };
}
