import type { EngagementLog } from '../engagement-log.ts';
import { type PassWorker, type PooledPass, stepsOf } from '../pooled/pooled-pass.ts';
import { rankWithinRequests } from '../rank-within-requests.ts';
import type { Ranking } from '../ranking.ts';
import { type Ordering, writeUtility } from '../utility.ts';
import { partOf, requestsOf, type Share } from './share.ts';

/** What one member works with. */
export interface Member {
  readonly log: EngagementLog;
  readonly share: Share;
  readonly worker: PassWorker;
  /** Waits for all other members. */
  readonly meet: () => void;
}

export interface WithinRequests extends Ranking {
  readonly utility: Float64Array;
  readonly spare: Uint32Array;
}

/** What threads do together in an evaluation: each its share, with the same result in any number of shares. */
export const TEAM_STEPS = {
  utility: ({ log, share }: Member, task: { ordering: Ordering; utility: Float64Array }): void => {
    const [from, to] = partOf(log.rows, share);
    writeUtility(log, task.ordering, task.utility, from, to);
  },
  pass: ({ share, worker, meet }: Member, pass: PooledPass): void => {
    stepsOf(pass).forEach((step, k) => {
      if (k > 0) meet();
      step(pass, share, worker);
    });
  },
  ranking: (
    { log: { requestOffsets }, share }: Member,
    { utility, order, tied, spare }: WithinRequests,
  ): void => {
    const [from, to] = requestsOf(requestOffsets, share);
    rankWithinRequests(utility, requestOffsets, { order: [order, spare], tied }, from, to);
  },
} as const;

export type TeamSteps = typeof TEAM_STEPS;
export type StepName = keyof TeamSteps;
export type StepTask<Name extends StepName> = Parameters<TeamSteps[Name]>[1];
