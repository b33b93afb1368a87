import type { Ranking } from '../ranking.ts';
import { type EmptyRequests, meanOverRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';

/**
 * Hit rate at a cut-off: the share of requests with a positive in the first k places, the expectation over the orders of
 * tied rows.
 *
 * Where the block of n rows with r positives reaches over the cut-off and m of its places lie before it, and no positive
 * stands above, the request counts 1 − C(n − r, m) / C(n, m).
 *
 * `ranking` within requests. Undefined when no request is left to average over.
 *
 * Source: trec_eval's `success`, ranx's `hit_rate`; the hypergeometric distribution for ties.
 */
export function hitRate(
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
      if (inBlock > 0) return 1 - missProbability(size, inBlock, cutoff - start);
      start += size;
    }
    return 0;
  });
}

/** C(n − r, m) / C(n, m): none of r positives is among the first m of n places. */
function missProbability(size: number, positives: number, places: number): number {
  let probability = 1;
  for (let i = 0; i < positives && probability > 0; i++) {
    probability *= Math.max(0, size - places - i) / (size - i);
  }
  return probability;
}
