/**
 * Gains weighted by the inverse probability that a row was examined where the log showed it; clipping bounds the largest
 * at 1 / clip, at the price of a bias towards zero.
 *
 * g_i / max(e_i, clip)
 *
 * `gain` n ≥ 0; `examination` n in (0, 1]; 0 ≤ clip ≤ 1.
 *
 * Source: Joachims, Swaminathan and Schnabel 2017, arXiv:1608.04468.
 */
export function debiasedGains(gain: Float64Array, examination: Float64Array, clip: number): Float64Array {
  return gain.map((g, i) => (g > 0 ? g / Math.max(examination[i]!, clip) : 0));
}
