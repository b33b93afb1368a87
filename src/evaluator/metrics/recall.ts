import type { CumulativeExamination } from '../examination-curve.ts';
import type { Ranking } from '../ranking.ts';
import { type EmptyRequests, meanOverRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';
import { topGain } from './top-gain.ts';

/**
 * Recall at a cut-off: positives in a request's first k places over all its positives; the mean over requests, ties
 * averaged.
 *
 * `ranking` within requests; `places` is `everyPlace`. Undefined when no request is left to average over.
 *
 * Source: trec_eval's `recall`, ranx's `recall`; McSherry and Najork 2008 for ties.
 */
export function recall(
  ranking: Ranking,
  rows: Selection,
  cutoff: number,
  places: CumulativeExamination,
  empty: EmptyRequests,
): number | undefined {
  const { label, positives } = rows;
  return meanOverRequests(
    rows,
    empty,
    (from, to, request) => topGain(ranking, label, label, from, to, cutoff, places) / positives[request]!,
  );
}
