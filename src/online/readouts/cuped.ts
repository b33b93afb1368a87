import type { CentredSums } from './centred-sums.ts';

/** A mean and the variance of that mean. */
export interface MeanWithVariance {
  readonly mean: number;
  readonly variance: number;
}

export interface Cuped {
  /** The slope of the metric on the covariate; 0 where the covariate is constant. */
  readonly theta: number;
  /** Adjusted means, in the order of the arms. */
  readonly arms: readonly MeanWithVariance[];
}

/**
 * Means adjusted for what a covariate from before the experiment explains.
 *
 * θ = Σ_a S_xy,a / Σ_a S_xx,a, mean_a = ȳ_a − θ(x̄_a − x̄), Var(mean_a) = (S_yy,a − 2θS_xy,a + θ²S_xx,a)/((n_a − 1)n_a)
 *
 * Sums of all arms a make one slope, within the arms, so that no arm's effect enters it; x̄ is the mean over all units. Variances
 * take θ and x̄ as known, whose own errors are of the order 1/n of the variance. A covariate that the treatment could have
 * moved would bias the lift: it is of the time before.
 *
 * Throws RangeError where an arm has no covariate or fewer than two units.
 * Source: Deng, Xu, Kohavi & Walker 2013, WSDM (doi 10.1145/2433396.2433413), with the slope pooled over arms.
 */
export function cuped(arms: readonly CentredSums[]): Cuped {
  let products = 0;
  let squares = 0;
  let total = 0;
  let units = 0;
  const covariates = arms.map(({ n, covariate }) => {
    if (covariate === null) throw new RangeError('an arm without a covariate');
    if (n < 2) throw new RangeError(`an arm of ${n} units`);
    products += covariate.products;
    squares += covariate.squares;
    total += n * covariate.mean;
    units += n;
    return covariate;
  });
  const theta = squares > 0 ? products / squares : 0;
  const grandMean = total / units;
  const adjusted = arms.map(({ n, mean, squares: ofMetric }, i) => {
    const covariate = covariates[i]!;
    const left = ofMetric - 2 * theta * covariate.products + theta * theta * covariate.squares;
    return {
      mean: mean - theta * (covariate.mean - grandMean),
      variance: Math.max(0, left) / ((n - 1) * n),
    };
  });
  return { theta, arms: adjusted };
}
