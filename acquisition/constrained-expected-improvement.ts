import { logProbabilityOfFeasibility, type Guardrail } from './feasibility.ts';
import { type FirstFeasible, logFirstFeasibleWorth } from './feasible-improvement.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';

/**
 * The log of expected improvement times the probability of feasibility, of one point with independent metrics.
 *
 * LogCEI = LogEI(mean₀, variance₀, best) + Σ_k log Φ(s_k(mean_k − bound_k)/√variance_k)
 *
 * `means`, `variances` 1 + K: the objective, maximised, then the metric of each guardrail. `best` is the best feasible
 * objective; while there is none, what a first feasible point is worth; undefined leaves the second term alone. Writes the
 * gradients, 1 + K each.
 *
 * Throws RangeError on lengths that disagree or a variance that is not positive.
 *
 * Source: Schonlau et al. 1998; Ament et al. 2023, arXiv:2310.20708, section 4.
 */
export function logConstrainedExpectedImprovement(
  best: number | FirstFeasible | undefined,
  guardrails: readonly Guardrail[],
  means: Float64Array,
  variances: Float64Array,
  meanGradient: Float64Array,
  varianceGradient: Float64Array,
): number {
  if (means.length !== guardrails.length + 1) {
    throw new RangeError(`expected ${guardrails.length + 1} means, got ${means.length}`);
  }
  const feasible = logProbabilityOfFeasibility(
    guardrails,
    means.subarray(1),
    variances.subarray(1),
    meanGradient.subarray(1),
    varianceGradient.subarray(1),
  );
  meanGradient[0] = 0;
  varianceGradient[0] = 0;
  if (best === undefined) return feasible;
  const gradient = new Float64Array(2);
  const improvement =
    typeof best === 'number'
      ? logExpectedImprovement(means[0]!, variances[0]!, best, gradient)
      : logFirstFeasibleWorth(means[0]!, variances[0]!, best, gradient);
  meanGradient[0] = gradient[0]!;
  varianceGradient[0] = gradient[1]!;
  return improvement + feasible;
}
