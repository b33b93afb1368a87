/**
 * Gains weighted by the inverse probability that a row was examined where the log showed it; clipping bounds the largest
 * at 1 / clip, at the price of a bias towards zero.
 *
 * g_i = y_i / max(e_i, clip)
 *
 * `label` n; `examination` n in (0, 1]; 0 ≤ clip ≤ 1.
 *
 * Source: Joachims, Swaminathan and Schnabel 2017, arXiv:1608.04468.
 */
export function debiasedGains(label: Int8Array, examination: Float64Array, clip: number): Float64Array {
  return Float64Array.from(label, (y, i) => (y > 0 ? y / Math.max(examination[i]!, clip) : 0));
}
