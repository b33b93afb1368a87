import type { CumulativeExamination } from '../examination-curve.ts';
import type { Ranking } from '../ranking.ts';

/**
 * The gain of a request's first k places, ties averaged.
 *
 * Σ_blocks ḡ_b (E_{min(e_b, k)} − E_{min(s_b, k)})
 *
 * for blocks b of tied rows at the places s_b + 1 … e_b with mean gain ḡ_b: a row tied with others takes each of their
 * places with the same probability. Rows whose `label` is negative do not take a place.
 *
 * `gain` n ≥ 0; `examination` E, at least as long as the request.
 *
 * Source: McSherry and Najork 2008.
 */
export function topGain(
  { order, tied }: Ranking,
  label: Int8Array,
  gain: Int8Array | Float64Array,
  from: number,
  to: number,
  cutoff: number,
  examination: CumulativeExamination,
): number {
  let sum = 0;
  let start = 0;
  for (let i = from; i < to && start < cutoff;) {
    let end = start;
    let gainInBlock = 0;
    do {
      const row = order[i++]!;
      if (label[row]! < 0) continue;
      end++;
      gainInBlock += gain[row]!;
    } while (i < to && tied[i] === 1);
    if (gainInBlock > 0) {
      const places = examination[Math.min(end, cutoff)]! - examination[start]!;
      sum += (gainInBlock / (end - start)) * places;
    }
    start = end;
  }
  return sum;
}
