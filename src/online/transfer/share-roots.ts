/**
 * Where models of lifts see weights: x_t = sign(w_t)·√(|w_t| s_t / Σ_u |w_u| s_u), s_t how far a unit of weight t moves the utility.
 *
 * Rankings depend on how much of the utility's spread each head has, so shares are what moves a metric: with a log s_t is the
 * standard deviation of the head's probability (`probabilitySpreads`), else 1. The root makes small shares as
 * far from each other as they are in effect: Euclidean distance of roots is √2 times the Hellinger distance of the shares,
 * where no sign differs. Weights that move no utility at all have no shares, and lie at 0.
 * `weights` and `spreads` one a head; in [−1, 1]. Throws RangeError unless they are as many, finite, and no spread is negative.
 */
export function shareRoots(weights: ArrayLike<number>, spreads: ArrayLike<number>): Float64Array {
  if (weights.length !== spreads.length) {
    throw new RangeError(`${weights.length} weights with ${spreads.length} spreads`);
  }
  const terms = Float64Array.from(spreads, (spread, t) => Math.abs(weights[t]!) * spread);
  const total = terms.reduce((sum, term) => sum + term, 0);
  if (!(total < Infinity && terms.every((term) => term >= 0))) {
    throw new RangeError(`no shares of terms that move the utility by ${Array.from(terms).join(', ')}`);
  }
  if (total === 0) return terms;
  return terms.map((term, t) => Math.sign(weights[t]!) * Math.sqrt(term / total));
}
