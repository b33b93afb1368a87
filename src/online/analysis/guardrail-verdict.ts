import { DomainError } from '../../domain/errors.ts';
import { formatGuardrail, type Guardrail } from '../../domain/guardrail.ts';
import type { ArmMean } from '../readouts/arm-means.ts';

/** What an experiment says of a guardrail in one arm. */
export type Verdict = 'shown not worse' | 'not shown worse' | 'worse';

/** How far an arm is on the allowed side of a guardrail, and the standard error of that. */
export interface Slack {
  readonly estimate: number;
  readonly standardError: number;
}

/**
 * The slack of an arm, from means.
 *
 * d = s(t − factor·c − offset), Var(d) = Var(t) + factor²·Var(c), s = 1 for `>=` and −1 for `<=`
 *
 * Linear in both means, so that nothing is approximated. A bound without baseline has no part of the control.
 */
export function slackOfMeans({ relation, factor, offset }: Guardrail, arm: ArmMean, control: ArmMean): Slack {
  return {
    estimate: signOf(relation) * (arm.mean - factor * control.mean - offset),
    standardError: Math.sqrt(arm.variance + factor ** 2 * control.variance),
  };
}

/**
 * The slack of an arm, from its lift: d = s(r − (factor − 1)), in fractions of the baseline.
 *
 * Throws `readout_invalid` for a bound that is not a multiple of the baseline, of which a lift says nothing.
 */
export function slackOfLift(guardrail: Guardrail, lift: number, standardError: number): Slack {
  const { relation, factor, offset } = guardrail;
  if (factor === 0 || offset !== 0) {
    throw new DomainError(
      'readout_invalid',
      `"${formatGuardrail(guardrail)}" cannot be judged from lifts: expected means, or a multiple of the baseline`,
    );
  }
  return { estimate: signOf(relation) * (lift - (factor - 1)), standardError };
}

/**
 * The verdict of an interval of ±`multiplier` standard errors about the slack.
 *
 * shown not worse: all of it at or above 0; worse: all of it below; not shown worse: it reaches to both sides, and more traffic
 * would tell.
 */
export function guardrailVerdict({ estimate, standardError }: Slack, multiplier: number): Verdict {
  const margin = multiplier * standardError;
  if (estimate - margin >= 0) return 'shown not worse';
  return estimate + margin < 0 ? 'worse' : 'not shown worse';
}

function signOf(relation: Guardrail['relation']): 1 | -1 {
  return relation === '>=' ? 1 : -1;
}
