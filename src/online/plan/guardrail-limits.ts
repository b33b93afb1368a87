import { normalCdf } from '../../../math/normal.ts';
import type { LiftGuardrail } from '../transfer/lift-guardrail.ts';

/** Between which a metric's lift meets all guardrails of it. */
export interface LiftLimits {
  readonly lower: number;
  readonly upper: number;
}

/** The limits of one metric, by its index; without a guardrail of it, all numbers. */
export function limitsOf(guardrails: readonly LiftGuardrail[], metric: number): LiftLimits {
  const of = guardrails.filter((guardrail) => guardrail.metric === metric);
  return {
    lower: Math.max(-Infinity, ...of.flatMap(({ relation, bound }) => (relation === '>=' ? [bound] : []))),
    upper: Math.min(Infinity, ...of.flatMap(({ relation, bound }) => (relation === '<=' ? [bound] : []))),
  };
}

/** P(lower ≤ lift ≤ upper) of N(mean, stddev²). */
export function probabilityWithin({ lower, upper }: LiftLimits, mean: number, stddev: number): number {
  if (stddev === 0) return mean >= lower && mean <= upper ? 1 : 0;
  return normalCdf((upper - mean) / stddev) - normalCdf((lower - mean) / stddev);
}
