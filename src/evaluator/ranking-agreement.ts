import { comparedOrderings } from './compared-orderings.ts';
import type { EngagementLog } from './engagement-log.ts';
import { kendallTau } from './kendall-tau.ts';
import { writeTopMembership } from './top-membership.ts';
import type { Ordering } from './utility.ts';

/** How alike two orderings rank inside requests; each figure with the requests that it is the mean over. */
export interface RankingAgreement {
  readonly cutoff: number;
  /** The share of the first k that both have, over requests of more than k rows; null where there is none. */
  readonly overlap: number | null;
  readonly overlapRequests: number;
  /** Kendall's τ-b, over requests in which both orderings tell rows apart; null where there is none. */
  readonly kendallTau: number | null;
  readonly kendallRequests: number;
}

/**
 * Top-k overlap and Kendall's τ-b of two orderings of a log, within requests, averaged over them.
 *
 * overlap_r = Σ_i P(i in the first k of one)·P(i in the first k of the other)/k, the expectation over ties broken at random
 * in each. A request weighs the mean of its rows' weights, as in the metrics of requests; those that weigh nothing do not
 * count.
 *
 * Throws RangeError where `cutoff` is not a whole number above 0.
 */
export function rankingAgreement(
  log: EngagementLog,
  one: Ordering,
  other: Ordering,
  cutoff: number,
): RankingAgreement {
  const { requests, requestOffsets } = log;
  const compared = comparedOrderings(log, one, other, cutoff);
  const { one: a, other: b, requestWeight, scratch, inOne, inOther } = compared;
  const overlap = runningMean();
  const tau = runningMean();
  for (let r = 0; r < requests; r++) {
    const weight = requestWeight === undefined ? 1 : requestWeight[r]!;
    if (weight === 0) continue;
    const from = requestOffsets[r]!;
    const to = requestOffsets[r + 1]!;
    const ofOne = a.subarray(from, to);
    const ofOther = b.subarray(from, to);
    const kendall = kendallTau(ofOne, ofOther, scratch);
    if (kendall !== undefined) add(tau, kendall, weight);
    if (to - from <= cutoff) continue;
    const order = scratch.order.subarray(0, to - from);
    writeTopMembership(ofOne, cutoff, order, inOne);
    writeTopMembership(ofOther, cutoff, order, inOther);
    let common = 0;
    for (let i = 0; i < to - from; i++) common += inOne[i]! * inOther[i]!;
    add(overlap, common / cutoff, weight);
  }
  return {
    cutoff,
    overlap: valueOf(overlap),
    overlapRequests: overlap.count,
    kendallTau: valueOf(tau),
    kendallRequests: tau.count,
  };
}

interface RunningMean {
  count: number;
  sum: number;
  total: number;
}

function runningMean(): RunningMean {
  return { count: 0, sum: 0, total: 0 };
}

function add(mean: RunningMean, value: number, weight: number): void {
  mean.count++;
  mean.sum += weight * value;
  mean.total += weight;
}

function valueOf({ count, sum, total }: RunningMean): number | null {
  return count === 0 ? null : sum / total;
}
