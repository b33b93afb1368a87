import type { Ranking } from '../ranking.ts';

/** Gains are small integers in an `Int8Array`. */
const GAIN_LEVELS = 128;

/** D_m = Σ_{i=1..m} 1 / log₂(i + 1) for m = 0 … `longest`. */
export function cumulativeDiscounts(longest: number): Float64Array {
  const sums = new Float64Array(longest + 1);
  for (let i = 1; i <= longest; i++) sums[i] = sums[i - 1]! + 1 / Math.log2(i + 1);
  return sums;
}

/**
 * Normalised discounted cumulative gain at a cut-off, ties averaged: the mean over the requests with a gain.
 *
 * NDCG@k = DCG@k / IDCG@k, DCG@k = Σ_blocks ḡ_b (D_{min(e_b, k)} − D_{min(s_b, k)})
 *
 * for blocks b of tied rows at the places s_b + 1 … e_b with mean gain ḡ_b. Rows without a label do not take a place.
 *
 * `ranking` within requests; `requestOffsets` R + 1; `gain` n integers ≥ 0 (binary labels are gains), negative where
 * missing; `discounts` at least as long as the longest request. Undefined when no request has a gain.
 *
 * Source: Järvelin and Kekäläinen 2002; McSherry and Najork 2008 for ties; scikit-learn's `ndcg_score`.
 */
export function ndcg(
  { order, tied }: Ranking,
  requestOffsets: Int32Array,
  gain: Int8Array,
  cutoff: number,
  discounts: Float64Array,
): number | undefined {
  const levels = new Int32Array(GAIN_LEVELS);
  let sum = 0;
  let requests = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    const from = requestOffsets[r]!;
    const to = requestOffsets[r + 1]!;
    const ideal = idealGain(gain, from, to, cutoff, discounts, levels);
    if (ideal === 0) continue;
    let dcg = 0;
    let start = 0;
    let end = 0;
    let gainInBlock = 0;
    for (let i = from; i < to; i++) {
      if (tied[i] === 0) {
        if (gainInBlock > 0) dcg += blockGain(gainInBlock, start, end, cutoff, discounts);
        if (end >= cutoff) {
          gainInBlock = 0;
          break;
        }
        start = end;
        gainInBlock = 0;
      }
      const g = gain[order[i]!]!;
      if (g < 0) continue;
      gainInBlock += g;
      end++;
    }
    if (gainInBlock > 0) dcg += blockGain(gainInBlock, start, end, cutoff, discounts);
    sum += dcg / ideal;
    requests++;
  }
  return requests === 0 ? undefined : sum / requests;
}

function blockGain(
  total: number,
  start: number,
  end: number,
  cutoff: number,
  discounts: Float64Array,
): number {
  const places = discounts[Math.min(end, cutoff)]! - discounts[Math.min(start, cutoff)]!;
  return (total / (end - start)) * places;
}

/** IDCG@k by counting the rows of each gain; `levels` is zero before and after. */
function idealGain(
  gain: Int8Array,
  from: number,
  to: number,
  cutoff: number,
  discounts: Float64Array,
  levels: Int32Array,
): number {
  let highest = 0;
  for (let i = from; i < to; i++) {
    const g = gain[i]!;
    if (g <= 0) continue;
    levels[g]!++;
    if (g > highest) highest = g;
  }
  let ideal = 0;
  let start = 0;
  for (let g = highest; g > 0; g--) {
    const end = start + levels[g]!;
    levels[g] = 0;
    ideal += g * (discounts[Math.min(end, cutoff)]! - discounts[Math.min(start, cutoff)]!);
    start = end;
  }
  return ideal;
}
