import type { CumulativeExamination } from '../examination-curve.ts';
import type { Ranking } from '../ranking.ts';
import { meanOverRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';
import { topGain } from './top-gain.ts';

/**
 * Gain in the first k places: the mean over all requests, those without a positive among them, ties averaged.
 *
 * Σ_{i ≤ k} E(i) g_i for the row at place i, with E(i) the place's discount or probability of being examined
 *
 * - engagement@k (observed): g = y, E = 1. The labels are those of the order that was shown.
 * - expected engagement@k: g = p, E the examination curve. It is the model's own belief.
 * - DCG@k: g the gain of the label, E = 1 / log₂(i + 1).
 *
 * Debiased, g_i is divided by max(e_i, clip), with e_i the probability that the row was examined where the log showed it
 * (`debiasedGains`). `ranking` within requests; `gain` n ≥ 0. Undefined when no request weighs anything.
 */
export function meanTopGain(
  ranking: Ranking,
  rows: Selection,
  gain: Int8Array | Float64Array,
  cutoff: number,
  examination: CumulativeExamination,
): number | undefined {
  const { label } = rows;
  return meanOverRequests(rows, 'computed', (from, to) =>
    topGain(ranking, label, gain, from, to, cutoff, examination),
  );
}
