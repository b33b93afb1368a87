import { logHAndSlope, logNormalCdfAndSlope } from '../math/normal-slopes.ts';

/** A metric that must keep to one side of a bound, in each of S samples. */
export interface SampledGuardrail {
  readonly metric: number;
  /** +1 where more is allowed, −1 where less is. */
  readonly sign: 1 | -1;
  /** S, in the metric's units. */
  readonly bounds: Float64Array;
}

export interface SampledIncumbents {
  readonly objective: { readonly metric: number; readonly sign: 1 | -1 };
  readonly guardrails: readonly SampledGuardrail[];
  /** S: the best feasible objective, sign applied; −Infinity where a sample has none. */
  readonly best: Float64Array;
  /** What a first feasible point counts as, in the objective's units. */
  readonly firstFeasible: number;
}

/** Moments of one metric at x given each of S samples; or what they are to be multiplied by, in a gradient. */
export interface SampledMoments {
  readonly means: Float64Array;
  variance: number;
}

/** The value at given moments, one for each metric, writing its slopes in them. */
export type SampledImprovement = (
  moments: readonly SampledMoments[],
  slopes: readonly SampledMoments[],
) => number;

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
}: SampledIncumbents): SampledImprovement {
  const count = best.length;
  const outcomes = guardrails.length + 1;
  const logs = new Float64Array(count);
  // Slopes of each sample's log in its margins u; two passes, because their weights need all logs.
  const margins = new Float64Array(count * outcomes);
  const marginSlopes = new Float64Array(count * outcomes);
  const slope = new Float64Array(1);
  const logFirst = best.some((value) => value > -Infinity) ? Math.log(firstFeasible) : 0;

  return (moments, slopes) => {
    const { means, variance } = moments[objective.metric]!;
    const stddev = Math.sqrt(variance);
    const logStddev = Math.log(stddev);
    for (let s = 0; s < count; s++) {
      const at = s * outcomes;
      if (best[s] === -Infinity) {
        logs[s] = logFirst;
        continue;
      }
      const u = (objective.sign * means[s]! - best[s]!) / stddev;
      logs[s] = logHAndSlope(u, slope) + logStddev;
      margins[at] = u;
      marginSlopes[at] = slope[0]!;
    }
    for (let k = 1; k < outcomes; k++) {
      const { metric, sign, bounds } = guardrails[k - 1]!;
      const guarded = moments[metric]!;
      const scale = sign / Math.sqrt(guarded.variance);
      for (let s = 0; s < count; s++) {
        const u = scale * (guarded.means[s]! - bounds[s]!);
        logs[s]! += logNormalCdfAndSlope(u, slope);
        margins[s * outcomes + k] = u;
        marginSlopes[s * outcomes + k] = slope[0]!;
      }
    }

    let most = -Infinity;
    for (let s = 0; s < count; s++) if (logs[s]! > most) most = logs[s]!;
    let total = 0;
    for (let s = 0; s < count; s++) total += logs[s] = Math.exp(logs[s]! - most);
    for (const each of slopes) {
      each.means.fill(0);
      each.variance = 0;
    }
    for (let k = 0; k < outcomes; k++) {
      const { metric, sign } = k === 0 ? objective : guardrails[k - 1]!;
      const out = slopes[metric]!;
      const { variance } = moments[metric]!;
      const scale = sign / Math.sqrt(variance);
      for (let s = 0; s < count; s++) {
        if (k === 0 && best[s] === -Infinity) continue;
        const weight = logs[s]! / total;
        const at = s * outcomes + k;
        const inMargin = weight * marginSlopes[at]!;
        out.means[s]! += inMargin * scale;
        out.variance += ((k === 0 ? weight : 0) - margins[at]! * inMargin) / (2 * variance);
      }
    }
    return most + Math.log(total / count);
  };
}
