import { mean, sampleStddev } from '../math/statistics.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';

/**
 * What a first feasible point is worth: the expected improvement over the mean objective so far, plus a floor.
 *
 * log(EI(mean, variance, meanObjective) + floor)
 *
 * While nothing is feasible there is no incumbent. Times the probability of feasibility this looks for feasible points
 * first, and among those for good ones: the floor bounds what a good objective can buy.
 *
 * `mean`, `meanObjective`, `floor` in the outcome's unit, `variance` in its square; the outcome is maximised. Writes ∂/∂mean
 * and ∂/∂variance into `gradient`. Throws RangeError on a variance that is not positive.
 */
export function logFirstFeasibleWorth(
  mean: number,
  variance: number,
  { meanObjective, floor }: FirstFeasible,
  gradient: Float64Array,
): number {
  const logImprovement = logExpectedImprovement(mean, variance, meanObjective, gradient);
  const share = improvementShare(logImprovement, floor);
  gradient[0]! *= share;
  gradient[1]! *= share;
  return logWorth(logImprovement, share, floor);
}

/** EI/(EI + floor): what of the worth's slope is the improvement's. */
export function improvementShare(logImprovement: number, floor: number): number {
  return 1 / (1 + floor * Math.exp(-logImprovement));
}

/** log(EI + floor), from the improvement's share of it; the share is 0 where the improvement has underflown. */
export function logWorth(logImprovement: number, share: number, floor: number): number {
  return share > 0 ? logImprovement - Math.log(share) : Math.log(floor);
}

/** What a first feasible point has to show, in the objective's unit. */
export interface FirstFeasible {
  /** Of the trials so far: what its gain is measured from. */
  readonly meanObjective: number;
  /** Positive. */
  readonly floor: number;
}

/** Of the objective's standard deviation: a good objective can buy at most some fifty times the probability. */
const FLOOR_SHARE = 0.05;

/**
 * The gain is measured from the mean of the objectives observed; the floor is a twentieth of their standard deviation (of
 * 1 where they do not vary).
 *
 * Against the probability of feasibility alone, and against a gain over the least objective or over the mean less a
 * standard deviation, this was nearest to the optimum after 20 trials of problems whose feasible region is small
 * (docs/adr/0013). Throws RangeError without values.
 */
export function firstFeasible(objectives: Float64Array): FirstFeasible {
  const spread = objectives.length > 1 ? sampleStddev(objectives) : 0;
  return { meanObjective: mean(objectives), floor: FLOOR_SHARE * (spread > 0 ? spread : 1) };
}
