/**
 * Turns scores of a model trained on kept negatives into probabilities of the full population, in place.
 *
 * p = βs / (βs − s + 1)
 *
 * `score` n in [0, 1]; β = `negativeKeepRate`, the share of negatives that training kept, in (0, 1]; β = 1 is the identity.
 *
 * Source: Dal Pozzolo et al. 2015, doi 10.1109/SSCI.2015.33.
 */
export function calibrate(score: Float64Array, negativeKeepRate: number): void {
  if (negativeKeepRate === 1) return;
  for (let i = 0; i < score.length; i++) {
    const scaled = negativeKeepRate * score[i]!;
    score[i] = scaled / (scaled - score[i]! + 1);
  }
}
