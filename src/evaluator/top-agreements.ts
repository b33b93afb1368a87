import type { EngagementLog } from './engagement-log.ts';
import { kendallScratch, kendallTau } from './kendall-tau.ts';
import { selectRows } from './selection.ts';
import { type Ordering, writeUtility } from './utility.ts';

/**
 * Kendall's τ-b of every two of K orderings, on the top: over the rows that either has among its first k, within requests,
 * averaged over them.
 *
 * τ_ij = Σ_r w_r τ-b(u_i, u_j on T_i ∪ T_j)/Σ_r w_r, T_i the rows of request r with fewer than k rows above them
 *
 * What users do not get to see does not count. Requests where one of the two ties all those rows are left out; NaN where that are all.
 * Returns K×K row-major, symmetric, with 1 on the diagonal. Throws RangeError where `cutoff` is not a whole number above 0.
 */
export function topAgreements(
  log: EngagementLog,
  orderings: readonly Ordering[],
  cutoff: number,
): Float64Array {
  if (!(Number.isInteger(cutoff) && cutoff > 0)) throw new RangeError(`the first ${cutoff} places`);
  const { length: count } = orderings;
  const agreements = new Float64Array(count * count).fill(1);
  const [one, other] = [new Float64Array(log.rows), new Float64Array(log.rows)];
  for (let i = 0; i < count; i++) {
    writeUtility(log, orderings[i]!, one);
    for (let j = i + 1; j < count; j++) {
      writeUtility(log, orderings[j]!, other);
      agreements[i * count + j] = agreementOfTops(log, one, other, cutoff);
      agreements[j * count + i] = agreements[i * count + j]!;
    }
  }
  return agreements;
}

function agreementOfTops(
  { rows, requests, requestOffsets, weight }: EngagementLog,
  one: Float64Array,
  other: Float64Array,
  cutoff: number,
): number {
  const { requestWeight } = selectRows(requestOffsets, new Int8Array(rows), weight);
  let longest = 0;
  for (let r = 0; r < requests; r++) {
    longest = Math.max(longest, requestOffsets[r + 1]! - requestOffsets[r]!);
  }
  const scratch = kendallScratch(longest);
  const sorted = new Float64Array(longest);
  const [ofOne, ofOther] = [new Float64Array(longest), new Float64Array(longest)];
  let sum = 0;
  let total = 0;
  for (let r = 0; r < requests; r++) {
    const share = requestWeight === undefined ? 1 : requestWeight[r]!;
    if (share === 0) continue;
    const [from, to] = [requestOffsets[r]!, requestOffsets[r + 1]!];
    const leastOfOne = leastInTop(one, from, to, cutoff, sorted);
    const leastOfOther = leastInTop(other, from, to, cutoff, sorted);
    let kept = 0;
    for (let i = from; i < to; i++) {
      if (!(one[i]! >= leastOfOne || other[i]! >= leastOfOther)) continue;
      ofOne[kept] = one[i]!;
      ofOther[kept++] = other[i]!;
    }
    const tau = kendallTau(ofOne.subarray(0, kept), ofOther.subarray(0, kept), scratch);
    if (tau === undefined) continue;
    sum += share * tau;
    total += share;
  }
  return total > 0 ? sum / total : NaN;
}

/** The k-th largest of a request's values, or the least where it has no more. */
function leastInTop(
  values: Float64Array,
  from: number,
  to: number,
  cutoff: number,
  sorted: Float64Array,
): number {
  const request = sorted.subarray(0, to - from);
  request.set(values.subarray(from, to));
  request.sort();
  return request[Math.max(0, to - from - cutoff)]!;
}
