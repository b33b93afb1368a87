import { sampledFeasibility, type SampledGuardrail } from '../sampled-feasibility.ts';
import { clearSlopes, logMeanExp, type SampledCriterion } from '../sampled-moments.ts';
import type { BoxDecomposition } from './box-decomposition.ts';
import { logExpectedVolume, volumeMoments } from './expected-volume.ts';

export interface SampledFronts {
  /** m. */
  readonly objectives: readonly { readonly metric: number; readonly sign: 1 | -1 }[];
  readonly guardrails: readonly SampledGuardrail[];
  /** S: what the feasible points of each sample do not dominate, signs applied; undefined where none is feasible. */
  readonly regions: readonly (BoxDecomposition | undefined)[];
  /** The log of what a first feasible point counts as, in the product of the objectives' units. */
  readonly logFirstFeasible: number;
}

/**
 * The log of the mean over samples of expected hypervolume improvement times probability of feasibility, metrics being
 * independent given a sample.
 *
 * log 1/S Σ_s V_s Π_k Φ(s_k(mean_sk − bound_sk)/√variance_k), V_s as `logExpectedVolume` over the boxes of sample s
 *
 * Where a sample has no feasible point, log V_s = `logFirstFeasible`, a constant: when none has one, the criterion is the
 * log probability of feasibility, and `logFirstFeasible` is left out. What remains uncertain at x given a sample is
 * integrated in closed form, so nothing is smoothed. No allocation per call.
 *
 * Source: Daulton, Balandat, Bakshy 2021, arXiv:2105.08195; Yang et al. 2019; in log space as Ament et al. 2023,
 * arXiv:2310.20708.
 */
export function sampledHypervolumeImprovement({
  objectives,
  guardrails,
  regions,
  logFirstFeasible,
}: SampledFronts): SampledCriterion {
  const count = regions.length;
  const m = objectives.length;
  const feasibility = sampledFeasibility(guardrails, count);
  const known = regions.filter((region) => region !== undefined);
  const at = volumeMoments(known, m);
  const logFirst = known.length > 0 ? logFirstFeasible : 0;
  const logs = new Float64Array(count);
  const meanSlopes = new Float64Array(count * m);
  const stddevSlopes = new Float64Array(count * m);

  return (moments, slopes) => {
    for (let i = 0; i < m; i++) at.stddevs[i] = Math.sqrt(moments[objectives[i]!.metric]!.variance);
    for (let s = 0; s < count; s++) {
      const region = regions[s];
      if (region === undefined) {
        logs[s] = logFirst;
        continue;
      }
      for (let i = 0; i < m; i++) {
        const { metric, sign } = objectives[i]!;
        at.means[i] = sign * moments[metric]!.means[s]!;
      }
      logs[s] = logExpectedVolume(region, at);
      meanSlopes.set(at.meanSlopes, s * m);
      stddevSlopes.set(at.stddevSlopes, s * m);
    }
    feasibility.addLogs(moments, logs);
    const value = logMeanExp(logs);

    clearSlopes(slopes);
    for (let i = 0; i < m; i++) {
      const { metric, sign } = objectives[i]!;
      const out = slopes[metric]!;
      const { variance } = moments[metric]!;
      for (let s = 0; s < count; s++) {
        if (regions[s] === undefined) continue;
        out.means[s]! += sign * logs[s]! * meanSlopes[s * m + i]!;
        out.variance += (logs[s]! * stddevSlopes[s * m + i]!) / (2 * variance);
      }
    }
    feasibility.addSlopes(moments, logs, slopes);
    return value;
  };
}
