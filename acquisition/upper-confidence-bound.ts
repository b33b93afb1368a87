/**
 * The upper confidence bound of a normal outcome, outcomes being maximised.
 *
 * UCB = mean + √beta·√variance
 *
 * `mean` in the outcome's unit, `variance` in its square; `beta` ≥ 0, more of it explores more. Writes ∂/∂mean and
 * ∂/∂variance into `gradient`.
 *
 * Throws RangeError on a variance that is not positive or a negative beta.
 *
 * Source: Srinivas et al. 2010, arXiv:0912.3995.
 */
export function upperConfidenceBound(
  mean: number,
  variance: number,
  beta: number,
  gradient: Float64Array,
): number {
  if (!(variance > 0)) throw new RangeError(`the variance must be positive, got ${variance}`);
  if (!(beta >= 0)) throw new RangeError(`beta must not be negative, got ${beta}`);
  const reach = Math.sqrt(beta * variance);
  gradient[0] = 1;
  gradient[1] = reach / (2 * variance);
  return mean + reach;
}
