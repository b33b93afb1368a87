import type { Ranking } from '../ranking.ts';
import { meanOverRequests, type EmptyRequests } from '../request-mean.ts';
import type { Selection } from '../selection.ts';
import { GAIN_LEVELS, type Gains } from './gain.ts';

/** How rows of one utility share their places: each order alike, positives last, positives first. */
export type TieRule = 'averaged' | 'pessimistic' | 'optimistic';

export interface NdcgOptions {
  readonly cutoff: number;
  /** Σ discounts of the first m places, m = 0 … the longest request: `cumulativeDiscounts`. */
  readonly discounts: Float64Array;
  readonly gains: Gains;
  readonly ties: TieRule;
  readonly empty: EmptyRequests;
}

/**
 * Normalised discounted cumulative gain at a cut-off: the mean over requests.
 *
 * NDCG@k = DCG@k / IDCG@k, DCG@k = Σ_blocks ḡ_b (D_{min(e_b, k)} − D_{min(s_b, k)})
 *
 * for blocks b of tied rows at the places s_b + 1 … e_b with mean gain ḡ_b (ties averaged); pessimistic and optimistic ties
 * put the rows of a block in the order of rising or falling gain. Rows without a label do not take a place.
 *
 * `ranking` within requests; `rows.label` integers from 0 to 127, graded or binary; `ideal` R, from `idealGains`.
 * Undefined when no request is left to average over.
 *
 * Source: Järvelin and Kekäläinen 2002; Burges et al. 2005 for exponential gain; McSherry and Najork 2008 for ties;
 * scikit-learn's `ndcg_score`, whose `sample_weight` is a weight for each request.
 */
export function ndcg(
  ranking: Ranking,
  rows: Selection,
  ideal: Float64Array,
  options: NdcgOptions,
): number | undefined {
  const levels = new Int32Array(GAIN_LEVELS);
  return meanOverRequests(rows, options.empty, (from, to, request) => {
    const gain =
      options.ties === 'averaged'
        ? averagedGain(ranking, rows.label, from, to, options)
        : arrangedGain(ranking, rows.label, from, to, options, levels);
    return gain / ideal[request]!;
  });
}

/** IDCG@k of each request: its rows in the order of falling gain. */
export function idealGains(
  { requestOffsets, label }: Selection,
  { cutoff, discounts, gains }: Pick<NdcgOptions, 'cutoff' | 'discounts' | 'gains'>,
): Float64Array {
  const levels = new Int32Array(GAIN_LEVELS);
  const ideal = new Float64Array(requestOffsets.length - 1);
  for (let r = 0; r < ideal.length; r++) {
    let highest = 0;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      const grade = label[i]!;
      if (grade <= 0) continue;
      levels[grade]!++;
      if (grade > highest) highest = grade;
    }
    ideal[r] = fallingGain(levels, highest, 0, cutoff, discounts, gains);
  }
  return ideal;
}

function averagedGain(
  { order, tied }: Ranking,
  label: Int8Array,
  from: number,
  to: number,
  { cutoff, discounts, gains }: NdcgOptions,
): number {
  let dcg = 0;
  let start = 0;
  for (let i = from; i < to && start < cutoff;) {
    let end = start;
    let gain = 0;
    do {
      const grade = label[order[i++]!]!;
      if (grade < 0) continue;
      end++;
      if (grade > 0) gain += gains[grade]!;
    } while (i < to && tied[i] === 1);
    if (gain > 0) {
      dcg += (gain / (end - start)) * (discounts[Math.min(end, cutoff)]! - discounts[start]!);
    }
    start = end;
  }
  return dcg;
}

function arrangedGain(
  { order, tied }: Ranking,
  label: Int8Array,
  from: number,
  to: number,
  { cutoff, discounts, gains, ties }: NdcgOptions,
  levels: Int32Array,
): number {
  let dcg = 0;
  let start = 0;
  for (let i = from; i < to && start < cutoff;) {
    let end = start;
    let highest = 0;
    do {
      const grade = label[order[i++]!]!;
      if (grade < 0) continue;
      end++;
      if (grade === 0) continue;
      levels[grade]!++;
      if (grade > highest) highest = grade;
    } while (i < to && tied[i] === 1);
    dcg +=
      ties === 'optimistic'
        ? fallingGain(levels, highest, start, cutoff, discounts, gains)
        : risingGain(levels, highest, end, cutoff, discounts, gains);
    start = end;
  }
  return dcg;
}

/** The gain of rows that take the places from `start` + 1, the highest grade first; `levels` is zero afterwards. */
function fallingGain(
  levels: Int32Array,
  highest: number,
  start: number,
  cutoff: number,
  discounts: Float64Array,
  gains: Gains,
): number {
  let sum = 0;
  let place = start;
  for (let grade = highest; grade > 0; grade--) {
    const end = place + levels[grade]!;
    levels[grade] = 0;
    sum += gains[grade]! * (discounts[Math.min(end, cutoff)]! - discounts[Math.min(place, cutoff)]!);
    place = end;
  }
  return sum;
}

/** The gain of rows that take the places up to `end`, the highest grade last; `levels` is zero afterwards. */
function risingGain(
  levels: Int32Array,
  highest: number,
  end: number,
  cutoff: number,
  discounts: Float64Array,
  gains: Gains,
): number {
  let sum = 0;
  let place = end;
  for (let grade = highest; grade > 0; grade--) {
    const start = place - levels[grade]!;
    levels[grade] = 0;
    sum += gains[grade]! * (discounts[Math.min(place, cutoff)]! - discounts[Math.min(start, cutoff)]!);
    place = start;
  }
  return sum;
}
