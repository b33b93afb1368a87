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
