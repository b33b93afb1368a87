import type { CumulativeExamination } from '../examination-curve.ts';
import type { Ranking } from '../ranking.ts';
import { type EmptyRequests, meanOverRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';
import { topGain } from './top-gain.ts';

/**
 * Precision at a cut-off: positives in a request's first k places over k, also where the request is shorter than that;
 * the mean over requests, ties averaged.
 *
 * `ranking` within requests; `places` is `everyPlace`. Undefined when no request is left to average over.
 *
 * Source: trec_eval's `P`, ranx's `precision`; McSherry and Najork 2008 for ties.
 */
export function precision(
  ranking: Ranking,
  rows: Selection,
  cutoff: number,
  places: CumulativeExamination,
  empty: EmptyRequests,
): number | undefined {
  const { label } = rows;
  return meanOverRequests(
    rows,
    empty,
    (from, to) => topGain(ranking, label, label, from, to, cutoff, places) / cutoff,
  );
}
