import { logNormalCdf, logNormalCdfDerivative } from '../math/normal.ts';

/** A metric that must stay at or above (`>=`), or at or below (`<=`), its bound. */
export interface Guardrail {
  readonly bound: number;
  readonly relation: '>=' | '<=';
}

/** How far a value is on the allowed side of a guardrail, in the metric's units; negative when it violates it. */
export function slackOf({ bound, relation }: Guardrail, value: number): number {
  // Not by signOf: −1 · 0 would be −0.
  return relation === '>=' ? value - bound : bound - value;
}

/** +1 where more is allowed, −1 where less is. */
export function signOf(relation: Guardrail['relation']): 1 | -1 {
  return relation === '>=' ? 1 : -1;
}

/**
 * The log probability that independent normal metrics meet all guardrails.
 *
 * Σ_k log Φ(s_k(mean_k − bound_k)/√variance_k), s_k = ±1 by the guardrail's relation
 *
 * `means`, `variances` K, in the metrics' units. Writes ∂/∂mean_k and ∂/∂variance_k into the two gradients, K.
 *
 * Throws RangeError on lengths that disagree or a variance that is not positive.
 *
 * Source: Gardner et al. 2014, Bayesian optimization with inequality constraints, in log space.
 */
export function logProbabilityOfFeasibility(
  guardrails: readonly Guardrail[],
  means: Float64Array,
  variances: Float64Array,
  meanGradient: Float64Array,
  varianceGradient: Float64Array,
): number {
  if (means.length !== guardrails.length || variances.length !== guardrails.length) {
    throw new RangeError(
      `${guardrails.length} guardrails, but ${means.length} means, ${variances.length} variances`,
    );
  }
  let total = 0;
  for (let k = 0; k < guardrails.length; k++) {
    const guardrail = guardrails[k]!;
    const variance = variances[k]!;
    if (!(variance > 0))
      throw new RangeError(`the variance of metric ${k} must be positive, got ${variance}`);
    const stddev = Math.sqrt(variance);
    const u = slackOf(guardrail, means[k]!) / stddev;
    const slope = logNormalCdfDerivative(u);
    meanGradient[k] = (signOf(guardrail.relation) * slope) / stddev;
    varianceGradient[k] = (-u * slope) / (2 * variance);
    total += logNormalCdf(u);
  }
  return total;
}
