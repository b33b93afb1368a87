import type { LinearCombination } from '../gp/linear-combination.ts';

/** Moments of one metric at x given each of S samples; or what they are to be multiplied by, in a gradient. */
export interface SampledMoments {
  readonly means: Float64Array;
  variance: number;
}

/** The value at given moments, one for each metric, writing its slopes in them. */
export type SampledCriterion = (
  moments: readonly SampledMoments[],
  slopes: readonly SampledMoments[],
) => number;

/** Sets them all to 0. */
export function clearSlopes(slopes: readonly SampledMoments[]): void {
  for (const each of slopes) {
    each.means.fill(0);
    each.variance = 0;
  }
}

/** The moments of each metric from those of its parts: Σ a_k mean_ks + c in each sample s, Σ a_k² variance_k. */
export function combineMoments(
  metrics: readonly LinearCombination[],
  parts: readonly SampledMoments[],
  out: readonly SampledMoments[],
): void {
  for (let m = 0; m < metrics.length; m++) {
    const { terms, constant } = metrics[m]!;
    const at = out[m]!;
    at.means.fill(constant);
    at.variance = 0;
    for (let k = 0; k < terms.length; k++) {
      const { part, coefficient } = terms[k]!;
      const { means, variance } = parts[part]!;
      for (let s = 0; s < means.length; s++) at.means[s]! += coefficient * means[s]!;
      at.variance += coefficient * coefficient * variance;
    }
  }
}

/** The slopes in the parts' moments from those in the metrics': what each metric's carry back to its parts, summed. */
export function splitSlopes(
  metrics: readonly LinearCombination[],
  slopes: readonly SampledMoments[],
  out: readonly SampledMoments[],
): void {
  clearSlopes(out);
  for (let m = 0; m < metrics.length; m++) {
    const { terms } = metrics[m]!;
    const { means, variance } = slopes[m]!;
    for (let k = 0; k < terms.length; k++) {
      const { part, coefficient } = terms[k]!;
      const to = out[part]!;
      for (let s = 0; s < means.length; s++) to.means[s]! += coefficient * means[s]!;
      to.variance += coefficient * coefficient * variance;
    }
  }
}

/** log 1/S Σ_s exp(log_s), leaving in `logs` the share that each sample has in the sum. */
export function logMeanExp(logs: Float64Array): number {
  const count = logs.length;
  let most = -Infinity;
  for (let s = 0; s < count; s++) if (logs[s]! > most) most = logs[s]!;
  let total = 0;
  for (let s = 0; s < count; s++) total += logs[s] = Math.exp(logs[s]! - most);
  for (let s = 0; s < count; s++) logs[s]! /= total;
  return most + Math.log(total / count);
}
