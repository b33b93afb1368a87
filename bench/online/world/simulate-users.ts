import type { Random } from '../../../math/random.ts';
import type { WorldParameters } from './draw-world.ts';
import { HEAD_COUNT } from './heads.ts';
import { COMMON_PRIOR } from './kinds.ts';
import { poisson } from './poisson.ts';
import type { Population } from './population.ts';
import { rankSlate } from './slate.ts';

/**
 * What an experiment counts for users drawn from the population, event by event: `users`×H row-major.
 *
 * Slow; experiments draw from the moments instead (`experiment.ts`), and tests hold the two against each other.
 * Arguments as of `userMoments`.
 */
export function simulateUsers(
  { examination, maturity }: WorldParameters,
  population: Population,
  weights: ArrayLike<number>,
  spurious: ArrayLike<number>,
  users: number,
  random: Random,
): Float64Array {
  const { requestsOfUser, candidatesOfRequest: count, activity, candidates } = population;
  const { truth } = candidates;
  const slate = new Int32Array(COMMON_PRIOR.slots);
  const utility = new Float64Array(slate.length);
  const counts = new Float64Array(users * HEAD_COUNT);
  for (let i = 0; i < users; i++) {
    const at = i * HEAD_COUNT;
    const j = random.integer(population.users);
    for (let left = poisson(activity[j]!, random); left > 0; left--) {
      const request = j * requestsOfUser + random.integer(requestsOfUser);
      rankSlate(candidates, request * count, count, weights, slate, utility);
      for (let s = 0; s < slate.length; s++) {
        if (random.uniform() >= examination[s]!) continue;
        const [click, save, longClick, hide] = truth.map((p) => p[slate[s]!]!);
        const clicked = random.uniform() < click!;
        if (clicked && random.uniform() < maturity[0]!) counts[at]! += 1;
        if (random.uniform() < save! * maturity[1]!) counts[at + 1]! += 1;
        if (clicked && random.uniform() < (longClick! / click!) * maturity[2]!) counts[at + 2]! += 1;
        if (random.uniform() < hide! * maturity[3]!) counts[at + 3]! += 1;
      }
    }
    for (let t = 0; t < HEAD_COUNT; t++) counts[at + t]! += poisson(spurious[t]!, random);
  }
  return counts;
}
