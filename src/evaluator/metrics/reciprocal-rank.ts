import type { Ranking } from '../ranking.ts';
import { type EmptyRequests, meanOverRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';

/**
 * Mean reciprocal rank at a cut-off: one over the place of a request's first positive, 0 where that lies beyond the
 * cut-off; the expectation over the orders of tied rows.
 *
 * The first block with positives has r of them in n rows after s places: the first stands at s + j with probability
 * C(n − j, r − 1) / C(n, r).
 *
 * `ranking` within requests. Undefined when no request is left to average over.
 *
 * Source: McSherry and Najork 2008; trec_eval's `recip_rank`, ranx's `mrr`.
 */
export function meanReciprocalRank(
  { order, tied }: Ranking,
  rows: Selection,
  cutoff: number,
  empty: EmptyRequests,
): number | undefined {
  const { label } = rows;
  return meanOverRequests(rows, empty, (from, to) => {
    let start = 0;
    for (let i = from; i < to && start < cutoff;) {
      let size = 0;
      let inBlock = 0;
      do {
        const y = label[order[i++]!]!;
        if (y < 0) continue;
        size++;
        inBlock += y;
      } while (i < to && tied[i] === 1);
      if (inBlock > 0) return firstInBlock(start, size, inBlock, cutoff);
      start += size;
    }
    return 0;
  });
}

function firstInBlock(start: number, size: number, positives: number, cutoff: number): number {
  const last = Math.min(size - positives + 1, cutoff - start);
  let probability = positives / size;
  let sum = 0;
  for (let j = 1; j <= last; j++) {
    sum += probability / (start + j);
    probability *= (size - j - positives + 1) / (size - j);
  }
  return sum;
}
