import { comparedOrderings } from './compared-orderings.ts';
import type { EngagementLog } from './engagement-log.ts';
import { kendallTau } from './kendall-tau.ts';
import { writeTopMembership } from './top-membership.ts';
import type { Ordering } from './utility.ts';

/**
 * How alike two orderings rank what is seen: Kendall's τ-b on the rows that either may have in the first k of a request, the mean over
 * requests in which both tell such rows apart.
 *
 * A request weighs the mean of its rows' weights, as in `rankingAgreement`. Undefined where there is no such request.
 *
 * Throws RangeError where `cutoff` is not a whole number above 0.
 */
export function topAgreement(
  log: EngagementLog,
  one: Ordering,
  other: Ordering,
  cutoff: number,
): number | undefined {
  const { requests, requestOffsets } = log;
  const compared = comparedOrderings(log, one, other, cutoff);
  const { one: a, other: b, requestWeight, scratch, inOne, inOther } = compared;
  const ofOne = new Float64Array(inOne.length);
  const ofOther = new Float64Array(inOne.length);
  let sum = 0;
  let total = 0;
  for (let r = 0; r < requests; r++) {
    const weight = requestWeight === undefined ? 1 : requestWeight[r]!;
    if (weight === 0) continue;
    const from = requestOffsets[r]!;
    const size = requestOffsets[r + 1]! - from;
    const all = size <= cutoff;
    if (!all) {
      const order = scratch.order.subarray(0, size);
      writeTopMembership(a.subarray(from, from + size), cutoff, order, inOne);
      writeTopMembership(b.subarray(from, from + size), cutoff, order, inOther);
    }
    let seen = 0;
    for (let i = 0; i < size; i++) {
      if (!all && inOne[i] === 0 && inOther[i] === 0) continue;
      ofOne[seen] = a[from + i]!;
      ofOther[seen] = b[from + i]!;
      seen++;
    }
    const tau = kendallTau(ofOne.subarray(0, seen), ofOther.subarray(0, seen), scratch);
    if (tau === undefined) continue;
    sum += weight * tau;
    total += weight;
  }
  return total === 0 ? undefined : sum / total;
}
