/** Three degrees of freedom go: with fewer arms the estimator does not beat the raw means. */
export const FEWEST_ARMS = 4;

export interface ShrunkMean {
  readonly mean: number;
  /** Mean squared error, as the raw mean's variance is the raw mean's. */
  readonly variance: number;
  /** φ, the part of the way to the mean of the arms. */
  readonly shrinkage: number;
}

/**
 * Positive-part James–Stein: the arms' means drawn towards their mean, the more the less they differ beyond their noise.
 *
 * m_i = ȳ + (1 − φ_i)(y_i − ȳ), φ_i = min(1, σ_i²/s²), s² = Σ(y_i − ȳ)²/(K − 3)
 * Var_i = (1 − φ_i)σ_i² + φ_iσ_i²/K + 2φ_i²(y_i − ȳ)²/(K − 3)
 *
 * The largest of several noisy means is too large, by selection. This takes some of it off, the more the more arms there are:
 * of what the winners of 4,564 tests of mostly four arms promised too much, about half. A model's posterior, or another round,
 * says more. `variances` σ_i² of each arm's own mean, without the control's noise, which is common to all.
 *
 * Throws RangeError on fewer than 4 arms or lengths that disagree.
 * Source: Dimmery, Bakshy & Sekhon 2019, KDD (doi 10.1145/3292500.3330771), §3.
 */
export function shrunkMeans(means: readonly number[], variances: readonly number[]): readonly ShrunkMean[] {
  const { length: arms } = means;
  if (arms !== variances.length) throw new RangeError(`${arms} means, but ${variances.length} variances`);
  if (arms < FEWEST_ARMS) throw new RangeError(`${arms} arms: expected at least ${FEWEST_ARMS}`);
  const centre = means.reduce((sum, mean) => sum + mean, 0) / arms;
  const spread = means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (arms - 3);
  return means.map((mean, i) => {
    const variance = variances[i]!;
    const shrinkage = variance < spread ? variance / spread : 1;
    const left = 1 - shrinkage;
    return {
      mean: centre + left * (mean - centre),
      variance:
        left * variance +
        (shrinkage * variance) / arms +
        (2 * (shrinkage * (mean - centre)) ** 2) / (arms - 3),
      shrinkage,
    };
  });
}
