import { logHAndSlope } from '../math/normal-slopes.ts';
import { type FirstFeasible, improvementShare, logWorth } from './feasible-improvement.ts';
import { sampledFeasibility, type SampledGuardrail } from './sampled-feasibility.ts';
import { clearSlopes, logMeanExp, type SampledCriterion } from './sampled-moments.ts';

export interface SampledIncumbents {
  readonly objective: { readonly metric: number; readonly sign: 1 | -1 };
  readonly guardrails: readonly SampledGuardrail[];
  /** S: the best feasible objective, sign applied; −Infinity where a sample has none. */
  readonly best: Float64Array;
  /** What a first feasible point has to show, sign applied. */
  readonly firstFeasible: FirstFeasible;
}

/**
 * The log of the mean over samples of expected improvement times probability of feasibility, metrics being independent
 * given a sample.
 *
 * log 1/S Σ_s I_s Π_k Φ(s_k(mean_sk − bound_sk)/√variance_k), I_s = √variance₀ h((mean_s0 − best_s)/√variance₀)
 *
 * Where a sample has no incumbent, I_s is the worth of a first feasible point (`logFirstFeasibleWorth`). Samples enter by
 * `bounds`, `best` and the means; what remains uncertain at x given a sample is integrated in closed form, so nothing is
 * smoothed. No allocation per call.
 *
 * Source: Letham et al. 2019, arXiv:1706.07094, equation 7; in log space as Ament et al. 2023, arXiv:2310.20708.
 */
export function sampledImprovement({
  objective,
  guardrails,
  best,
  firstFeasible,
}: SampledIncumbents): SampledCriterion {
  const count = best.length;
  const feasibility = sampledFeasibility(guardrails, count);
  const logs = new Float64Array(count);
  // Slopes of each sample's log in its margin u; two passes, because their weights need all logs.
  const margins = new Float64Array(count);
  const marginSlopes = new Float64Array(count);
  /** What the improvement makes up of each sample's worth. */
  const shares = new Float64Array(count);
  const slope = new Float64Array(1);
  const { meanObjective, floor } = firstFeasible;

  return (moments, slopes) => {
    const { means, variance } = moments[objective.metric]!;
    const stddev = Math.sqrt(variance);
    const logStddev = Math.log(stddev);
    for (let s = 0; s < count; s++) {
      const isFirst = best[s] === -Infinity;
      const u = (objective.sign * means[s]! - (isFirst ? meanObjective : best[s]!)) / stddev;
      const log = logHAndSlope(u, slope) + logStddev;
      const share = isFirst ? improvementShare(log, floor) : 1;
      logs[s] = share === 1 ? log : logWorth(log, share, floor);
      margins[s] = u;
      marginSlopes[s] = slope[0]!;
      shares[s] = share;
    }
    feasibility.addLogs(moments, logs);
    const value = logMeanExp(logs);

    clearSlopes(slopes);
    const out = slopes[objective.metric]!;
    const scale = objective.sign / stddev;
    for (let s = 0; s < count; s++) {
      const weight = logs[s]! * shares[s]!;
      const inMargin = weight * marginSlopes[s]!;
      out.means[s]! += inMargin * scale;
      out.variance += (weight - margins[s]! * inMargin) / (2 * variance);
    }
    feasibility.addSlopes(moments, logs, slopes);
    return value;
  };
}
