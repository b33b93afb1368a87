import type { KernelName } from '../kernel.ts';

/** What a fit of several tasks finds, as plain JSON; outputs are standardised, each task on its own. */
export interface CoregionalizedHyperparameters {
  readonly kernel: KernelName;
  /** One per input, in units of the unit cube, shared by the tasks. */
  readonly lengthscales: readonly number[];
  /** Standard deviation of each task's latent function. */
  readonly scales: readonly number[];
  /** R, the correlations among the tasks' latent functions, T×T row-major. */
  readonly correlation: readonly number[];
  /** Of each task: variance of its observations whose noise is not known. */
  readonly noiseVariances: readonly number[];
  /** The constant mean of each task. */
  readonly means: readonly number[];
  /** Log marginal likelihood, the means integrated out, plus log prior densities. */
  readonly logPosterior: number;
  /** Added to K's diagonal; 0 unless K was numerically singular. */
  readonly jitter: number;
}

/** The covariance among tasks, B_tu = s_t·s_u·R_tu; `scales` length T, `correlation` T×T, `out` T×T. */
export function taskCovariance(
  scales: ArrayLike<number>,
  correlation: ArrayLike<number>,
  out: Float64Array = new Float64Array(correlation.length),
): Float64Array {
  const T = scales.length;
  for (let t = 0; t < T; t++) {
    for (let u = 0; u < T; u++) out[t * T + u] = scales[t]! * scales[u]! * correlation[t * T + u]!;
  }
  return out;
}
