import { logHAndSlope } from '../math/normal-slopes.ts';
import { sampledFeasibility, type SampledGuardrail } from './sampled-feasibility.ts';
import { clearSlopes, logMeanExp, type SampledCriterion } from './sampled-moments.ts';

export interface SampledIncumbents {
  readonly objective: { readonly metric: number; readonly sign: 1 | -1 };
  readonly guardrails: readonly SampledGuardrail[];
  /** S: the best feasible objective, sign applied; −Infinity where a sample has none. */
  readonly best: Float64Array;
  /** What a first feasible point counts as, in the objective's units. */
  readonly firstFeasible: number;
}

/**
 * The log of the mean over samples of expected improvement times probability of feasibility, metrics being independent
 * given a sample.
 *
 * log 1/S Σ_s I_s Π_k Φ(s_k(mean_sk − bound_sk)/√variance_k), I_s = √variance₀ h((mean_s0 − best_s)/√variance₀)
 *
 * Where a sample has no incumbent, I_s = `firstFeasible`, a constant: when none has one, the criterion is the
 * probability of feasibility, and `firstFeasible` is left out. Samples enter by `bounds`, `best` and the means; what
 * remains uncertain at x given a sample is integrated in closed form, so nothing is smoothed. No allocation per call.
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
  const slope = new Float64Array(1);
  const logFirst = best.some((value) => value > -Infinity) ? Math.log(firstFeasible) : 0;

  return (moments, slopes) => {
    const { means, variance } = moments[objective.metric]!;
    const stddev = Math.sqrt(variance);
    const logStddev = Math.log(stddev);
    for (let s = 0; s < count; s++) {
      if (best[s] === -Infinity) {
        logs[s] = logFirst;
        continue;
      }
      const u = (objective.sign * means[s]! - best[s]!) / stddev;
      logs[s] = logHAndSlope(u, slope) + logStddev;
      margins[s] = u;
      marginSlopes[s] = slope[0]!;
    }
    feasibility.addLogs(moments, logs);
    const value = logMeanExp(logs);

    clearSlopes(slopes);
    const out = slopes[objective.metric]!;
    const scale = objective.sign / stddev;
    for (let s = 0; s < count; s++) {
      if (best[s] === -Infinity) continue;
      const weight = logs[s]!;
      const inMargin = weight * marginSlopes[s]!;
      out.means[s]! += inMargin * scale;
      out.variance += (weight - margins[s]! * inMargin) / (2 * variance);
    }
    feasibility.addSlopes(moments, logs, slopes);
    return value;
  };
}
