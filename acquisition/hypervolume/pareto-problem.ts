import { checkNoisyTrials, type NoisyTrials, type SignedMetric } from '../noisy-problem.ts';
import { checkOutcome, type Outcome } from './dominance.ts';

/** Above four the boxes of a front of tens of points, and with them the time of a criterion, run into the thousands. */
export const MOST_OBJECTIVES = 4;

/** Noisy trials, and the metrics of which the best trade-offs are wanted. */
export interface ParetoProblem extends NoisyTrials {
  readonly objectives: readonly SignedMetric[];
  /** One value an objective, signs applied: what is not better than all of them counts for nothing. */
  readonly referencePoint: Outcome;
}

/**
 * Throws RangeError where shapes disagree, a metric or the reference does not exist, or there are not one to four
 * objectives.
 */
export function checkParetoProblem(problem: ParetoProblem): void {
  const { objectives, referencePoint } = problem;
  if (!(objectives.length >= 1 && objectives.length <= MOST_OBJECTIVES)) {
    throw new RangeError(`expected 1 to ${MOST_OBJECTIVES} objectives, got ${objectives.length}`);
  }
  checkNoisyTrials(problem, objectives);
  checkOutcome(referencePoint, objectives.length);
}
