import type { Ranking } from '../ranking.ts';

/** What production logged of where rows were shown, n each. */
export interface LoggedPlaces {
  /** From 1, each place of a request once. */
  readonly position: Int32Array;
  /** P(row shown at its place), in (0, 1]. */
  readonly displayPropensity: Float64Array;
}

/**
 * The importance weight of each row under the item-position model: how much likelier a ranking shows the row at its logged
 * place than production did.
 *
 * ω_i = m_i min(1/p_i, largestWeight)
 *
 * with p_i the display propensity and m_i the probability that the ranking puts row i at its logged place: over the orders of
 * tied rows, 1/(e_b − s_b) where its block b takes the places s_b + 1 … e_b and the logged one is among them, else 0. All rows
 * of a request take places, as they did when they were shown.
 *
 * `ranking` within requests; `weights` n, overwritten.
 *
 * Source: Li, Abbasi-Yadkori, Kveton et al. 2018, arXiv:1804.10488 (item-position model, weights clipped); McSherry and Najork
 * 2008 for ties.
 */
export function writeMatchWeights(
  { order, tied }: Ranking,
  requestOffsets: Int32Array,
  { position, displayPropensity }: LoggedPlaces,
  largestWeight: number,
  weights: Float64Array,
): void {
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    const from = requestOffsets[r]!;
    const to = requestOffsets[r + 1]!;
    for (let start = from; start < to;) {
      let end = start + 1;
      while (end < to && tied[end] === 1) end++;
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        const place = position[row]!;
        const matches = place > start - from && place <= end - from;
        weights[row] = matches ? Math.min(1 / displayPropensity[row]!, largestWeight) / (end - start) : 0;
      }
      start = end;
    }
  }
}
