import type { MeasuredSums } from '../../domain/readout.ts';

/** Means, and sums of squares and products about them. */
export interface CentredSums {
  readonly n: number;
  readonly mean: number;
  /** S_yy = Σy² − (Σy)²/n. */
  readonly squares: number;
  /** x̄, S_xx and S_xy of the covariate; null without one. */
  readonly covariate: { readonly mean: number; readonly squares: number; readonly products: number } | null;
}

/** Σy² − (Σy)²/n is rounding below this share of Σy². */
export const SQUARES_ROUNDING = 4 * Number.EPSILON;

/** Sufficient statistics about their means; a sum of squares that rounding has left below 0 is 0. */
export function centredSums({ n, sum, sumOfSquares, covariate }: MeasuredSums): CentredSums {
  const mean = sum / n;
  const squares = Math.max(0, sumOfSquares - sum * mean);
  if (covariate === undefined) return { n, mean, squares, covariate: null };
  const covariateMean = covariate.sum / n;
  return {
    n,
    mean,
    squares,
    covariate: {
      mean: covariateMean,
      squares: Math.max(0, covariate.sumOfSquares - covariate.sum * covariateMean),
      products: covariate.sumOfProducts - sum * covariateMean,
    },
  };
}
