import { armProbabilities } from './arm-probabilities.ts';
import type { GuardrailResult } from './analyse-readout.ts';
import type { ArmEvidence } from './recommend.ts';

/** Joint draws of what is believed, S×m row-major, the baseline first. */
export interface ArmDraws {
  /** Of the baseline first. */
  readonly names: readonly string[];
  /** More is better. */
  readonly objective: Float64Array;
  /** One a guardrail, at or above 0 where it is met. */
  readonly slacks: readonly Float64Array[];
}

/**
 * The evidence of each arm but the baseline, from draws of the posterior and the verdicts of the experiment.
 *
 * lift_s = (f_s,i − f_s,0)/|f̄_0|, its mean and standard deviation over draws s; f̄_0 the mean of the baseline's draws
 *
 * `results` of the guardrails that were read out; `tested` names the arms that an experiment measured. Throws RangeError as
 * `armProbabilities`, and where the baseline's mean is 0.
 */
export function armEvidence(
  { names, objective, slacks }: ArmDraws,
  results: readonly GuardrailResult[],
  tested: ReadonlySet<string>,
): readonly ArmEvidence[] {
  const points = names.length;
  const probabilities = armProbabilities(objective, slacks, points);
  const draws = objective.length / points;
  let baseline = 0;
  for (let at = 0; at < objective.length; at += points) baseline += objective[at]! / draws;
  if (baseline === 0) throw new RangeError('a baseline of 0 has no relative lifts');
  return names.slice(1).map((arm, k) => {
    const { mean, stddev } = momentsOfLift(objective, points, k + 1);
    const { better, best, feasible } = probabilities[k + 1]!;
    return {
      arm,
      lift: mean / Math.abs(baseline),
      stddev: stddev / Math.abs(baseline),
      better: better.probability,
      best: best.probability,
      feasible: feasible.probability,
      guardrails: results.filter((result) => result.arm === arm),
      tested: tested.has(arm),
    };
  });
}

/** Mean and standard deviation (n) of a point's difference to the first, in two passes. */
function momentsOfLift(
  objective: Float64Array,
  points: number,
  point: number,
): { readonly mean: number; readonly stddev: number } {
  const draws = objective.length / points;
  let mean = 0;
  for (let at = 0; at < objective.length; at += points) {
    mean += (objective[at + point]! - objective[at]!) / draws;
  }
  let variance = 0;
  for (let at = 0; at < objective.length; at += points) {
    variance += (objective[at + point]! - objective[at]! - mean) ** 2 / draws;
  }
  return { mean, stddev: Math.sqrt(variance) };
}
