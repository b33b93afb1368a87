import type { KernelName } from './kernel.ts';

/** What a fit finds, as plain JSON: it crosses worker threads and is stored for audit. */
export interface Hyperparameters {
  readonly kernel: KernelName;
  /** One per input, in units of the unit cube. */
  readonly lengthscales: readonly number[];
  /** Variance of the latent function, standardised. */
  readonly outputscale: number;
  /** Standardised variance of observations whose noise is not known. */
  readonly noiseVariance: number;
  /** The constant mean, standardised. */
  readonly mean: number;
  /** How uncertain that mean is before the data, standardised variance; 0 where it is given. */
  readonly meanVariance: number;
  /** Log marginal likelihood plus log prior densities, at the optimum, of the observations that were fitted. */
  readonly logPosterior: number;
  /** Added to K's diagonal at the optimum; 0 unless K was numerically singular. */
  readonly jitter: number;
}
