import type { Selection } from './selection.ts';

/** The value of a request that has rows and no positive: left out of the mean, 0, 1, or computed as that of any other. */
export type EmptyRequests = 'skip' | 'zero' | 'one' | 'computed';

/**
 * The weighted mean of a value over requests.
 *
 * Σ_r w_r v_r / Σ_r w_r, w_r the mean weight of the rows of request r that count
 *
 * `valueOf` gives v_r of the request at the places from … to − 1. Requests without a row that counts are left out.
 * Where the selection has `terms`, v_r and w_r are written there. Undefined when no request that is left in weighs anything.
 */
export function meanOverRequests(
  { requestOffsets, requestWeight, counted, positives, terms }: Selection,
  empty: EmptyRequests,
  valueOf: (from: number, to: number, request: number) => number,
): number | undefined {
  let sum = 0;
  let total = 0;
  terms?.weight.fill(0);
  for (let r = 0; r < counted.length; r++) {
    if (counted[r] === 0) continue;
    const w = requestWeight === undefined ? 1 : requestWeight[r]!;
    let value = 0;
    if (positives[r] === 0 && empty !== 'computed') {
      if (empty === 'skip') continue;
      if (empty === 'one') value = 1;
    } else {
      value = valueOf(requestOffsets[r]!, requestOffsets[r + 1]!, r);
    }
    sum += w * value;
    total += w;
    if (terms === undefined) continue;
    terms.value[r] = value;
    terms.weight[r] = w;
  }
  return total === 0 ? undefined : sum / total;
}
