import { logExpectedImprovement } from './log-expected-improvement.ts';

/**
 * What a first feasible point is worth: the expected improvement over a reference, plus a floor.
 *
 * log(EI(mean, variance, reference) + floor)
 *
 * While nothing is feasible there is no incumbent. Times the probability of feasibility this looks for feasible points
 * first, and among those for good ones: the floor bounds what a good objective can buy.
 *
 * `mean`, `reference`, `floor` in the outcome's unit, `variance` in its square; the outcome is maximised. Writes ∂/∂mean
 * and ∂/∂variance into `gradient`. Throws RangeError on a variance that is not positive.
 */
export function logFirstFeasibleWorth(
  mean: number,
  variance: number,
  { reference, floor }: FirstFeasible,
  gradient: Float64Array,
): number {
  const logImprovement = logExpectedImprovement(mean, variance, reference, gradient);
  const share = 1 / (1 + floor * Math.exp(-logImprovement));
  gradient[0]! *= share;
  gradient[1]! *= share;
  return share > 0 ? logImprovement - Math.log(share) : Math.log(floor);
}

export interface FirstFeasible {
  readonly reference: number;
  /** Positive. */
  readonly floor: number;
}
