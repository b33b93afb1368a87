import type { Ranking } from '../ranking.ts';
import { type EmptyRequests, meanOverRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';

/**
 * Mean average precision at a cut-off: in each request the precision at the places of its positives, the expectation over
 * the orders of tied rows.
 *
 * AP@k = 1/R Σ_{i ≤ k, y_i = 1} (positives in the first i places) / i
 *
 * divided by all R positives of the request, not by min(R, k). In a block of n rows with r positives after s places with
 * q positives, the j-th place holds a positive with probability r/n, and then 1 + q + (j − 1)(r − 1)/(n − 1) positives are
 * expected among the first s + j.
 *
 * `ranking` within requests. Undefined when no request is left to average over.
 *
 * Source: McSherry and Najork 2008; trec_eval's `map` and `map_cut`, ranx's `map`, which break ties by identifier or order.
 */
export function meanAveragePrecision(
  { order, tied }: Ranking,
  rows: Selection,
  cutoff: number,
  empty: EmptyRequests,
): number | undefined {
  const { label, positives } = rows;
  return meanOverRequests(rows, empty, (from, to, request) => {
    let sum = 0;
    let start = 0;
    let seen = 0;
    for (let i = from; i < to && start < cutoff;) {
      let size = 0;
      let inBlock = 0;
      do {
        const y = label[order[i++]!]!;
        if (y < 0) continue;
        size++;
        inBlock += y;
      } while (i < to && tied[i] === 1);
      if (inBlock > 0) sum += blockPrecision(start, size, seen, inBlock, cutoff);
      start += size;
      seen += inBlock;
    }
    return sum / positives[request]!;
  });
}

function blockPrecision(start: number, size: number, seen: number, inBlock: number, cutoff: number): number {
  const last = Math.min(size, cutoff - start);
  const others = size === 1 ? 0 : (inBlock - 1) / (size - 1);
  let sum = 0;
  for (let j = 1; j <= last; j++) sum += (1 + seen + (j - 1) * others) / (start + j);
  return (sum * inBlock) / size;
}
