import { logNormalCdfAndSlope } from '../math/normal-slopes.ts';
import type { SampledMoments } from './sampled-moments.ts';

/** A metric that must keep to one side of a bound, in each of S samples. */
export interface SampledGuardrail {
  readonly metric: number;
  /** +1 where more is allowed, −1 where less is. */
  readonly sign: 1 | -1;
  /** S, in the metric's units. */
  readonly bounds: Float64Array;
}

export interface SampledFeasibility {
  /** Adds the log probability given each sample that every guardrail is met. */
  readonly addLogs: (moments: readonly SampledMoments[], logs: Float64Array) => void;
  /** Adds the slopes of those logs at the last moments, times the weight of each sample. */
  readonly addSlopes: (
    moments: readonly SampledMoments[],
    weights: Float64Array,
    slopes: readonly SampledMoments[],
  ) => void;
}

/**
 * The probability that guardrails are met given each of S samples, metrics being independent given one.
 *
 * Σ_k log Φ(s_k(mean_sk − bound_sk)/√variance_k); no allocation per call.
 *
 * Source: Gardner et al. 2014, Bayesian optimization with inequality constraints, in log space.
 */
export function sampledFeasibility(
  guardrails: readonly SampledGuardrail[],
  count: number,
): SampledFeasibility {
  const margins = new Float64Array(count * guardrails.length);
  const marginSlopes = new Float64Array(count * guardrails.length);
  const slope = new Float64Array(1);
  return {
    addLogs: (moments, logs) => {
      for (let k = 0; k < guardrails.length; k++) {
        const { metric, sign, bounds } = guardrails[k]!;
        const { means, variance } = moments[metric]!;
        const scale = sign / Math.sqrt(variance);
        for (let s = 0, at = k * count; s < count; s++, at++) {
          const u = scale * (means[s]! - bounds[s]!);
          logs[s]! += logNormalCdfAndSlope(u, slope);
          margins[at] = u;
          marginSlopes[at] = slope[0]!;
        }
      }
    },
    addSlopes: (moments, weights, slopes) => {
      for (let k = 0; k < guardrails.length; k++) {
        const { metric, sign } = guardrails[k]!;
        const { variance } = moments[metric]!;
        const scale = sign / Math.sqrt(variance);
        const out = slopes[metric]!;
        for (let s = 0, at = k * count; s < count; s++, at++) {
          const inMargin = weights[s]! * marginSlopes[at]!;
          out.means[s]! += inMargin * scale;
          out.variance -= (margins[at]! * inMargin) / (2 * variance);
        }
      }
    },
  };
}
