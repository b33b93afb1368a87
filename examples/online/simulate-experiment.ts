import { type Random, randomStream } from '../../math/random.ts';
import { HEAD_COUNT, HEADS } from '../../bench/online/world/heads.ts';
import { COMMON_PRIOR } from '../../bench/online/world/kinds.ts';
import { poisson } from '../../bench/online/world/poisson.ts';
import { rankSlate } from '../../bench/online/world/slate.ts';
import type { World } from '../../bench/online/world/world.ts';
import { bucketOf } from '../../src/online/export/bucket.ts';
import type { PlainPayload } from '../../src/online/export/plain-json.ts';

/** What is counted for one user: engagements in the experiment, and before it while the baseline served. */
export interface SimulatedUser {
  readonly id: string;
  readonly arm: string;
  readonly counts: Float64Array;
  readonly before: Float64Array;
}

/**
 * Runs the exported arms on so many users, event by event, as the simulator's `simulateUsers` does.
 *
 * A user is of the simulator's population, the same in all experiments; who gets which arm is decided by the export's own hash. All
 * arms of an experiment share its season, a factor on how often users come. Users outside the experiment are left out.
 */
export function* simulateExperiment(
  { parameters, population, baseline }: World,
  { experiment, seed, arms }: PlainPayload,
  users: number,
): Generator<SimulatedUser> {
  const slatesOf = (weights: ArrayLike<number>): Int32Array => rankAll(population, weights);
  const served = slatesOf(baseline);
  const slates = arms.map(({ weights }) =>
    weights === null ? served : slatesOf(HEADS.map((head) => weights[head]!)),
  );
  const season = Math.exp(COMMON_PRIOR.drift * randomStream(0, 'season', experiment).normal());
  const people = randomStream(0, 'people');
  const events = randomStream(0, 'events', experiment);
  for (let i = 1; i <= users; i++) {
    const id = `u${i}`;
    const member = people.integer(population.users);
    const before = countEvents(parameters, population, served, member, 1, people);
    const bucket = bucketOf(seed, id);
    const arm = arms.findIndex(({ range: [start, end] }) => bucket >= start && bucket < end);
    if (arm < 0) continue;
    const counts = countEvents(parameters, population, slates[arm]!, member, season, events);
    yield { id, arm: arms[arm]!.arm, counts, before };
  }
}

/** The slate of every request that there is, `COMMON_PRIOR.slots` rows each. */
function rankAll(
  { candidates, candidatesOfRequest: count, users, requestsOfUser }: World['population'],
  weights: ArrayLike<number>,
): Int32Array {
  const { slots } = COMMON_PRIOR;
  const requests = users * requestsOfUser;
  const slates = new Int32Array(requests * slots);
  const utility = new Float64Array(slots);
  for (let request = 0; request < requests; request++) {
    rankSlate(
      candidates,
      request * count,
      count,
      weights,
      slates.subarray(request * slots, (request + 1) * slots),
      utility,
    );
  }
  return slates;
}

function countEvents(
  { examination, maturity }: World['parameters'],
  { activity, requestsOfUser, candidates: { truth } }: World['population'],
  slates: Int32Array,
  member: number,
  season: number,
  random: Random,
): Float64Array {
  const { slots } = COMMON_PRIOR;
  const counts = new Float64Array(HEAD_COUNT);
  for (let left = poisson(season * activity[member]!, random); left > 0; left--) {
    const request = member * requestsOfUser + random.integer(requestsOfUser);
    for (let s = 0; s < slots; s++) {
      if (random.uniform() >= examination[s]!) continue;
      const row = slates[request * slots + s]!;
      const [click, save, longClick, hide] = truth.map((p) => p[row]!);
      const clicked = random.uniform() < click!;
      if (clicked && random.uniform() < maturity[0]!) counts[0]! += 1;
      if (random.uniform() < save! * maturity[1]!) counts[1]! += 1;
      if (clicked && random.uniform() < (longClick! / click!) * maturity[2]!) counts[2]! += 1;
      if (random.uniform() < hide! * maturity[3]!) counts[3]! += 1;
    }
  }
  return counts;
}
