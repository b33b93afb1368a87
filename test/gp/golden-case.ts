import { condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import type { KernelName } from '../../gp/kernel.ts';
import { standardization } from '../../gp/standardize.ts';
import type { TrainingData } from '../../gp/training-data.ts';

/** One case of gp-posterior.json: GPyTorch at given hyperparameters, outputs not standardised. */
export interface PosteriorCase {
  readonly kernel: KernelName;
  readonly X: number[][];
  readonly y: number[];
  readonly noise_variance: number[];
  readonly lengthscales: number[];
  readonly outputscale: number;
  readonly mean: number;
  readonly X_test: number[][];
  readonly posterior_mean: number[];
  readonly posterior_cov: number[][];
  readonly log_marginal_likelihood: number;
  readonly grad_log_lengthscales: number[];
  readonly grad_log_outputscale: number;
  readonly grad_mean: number;
  readonly loo_mean: number[];
  readonly loo_variance_with_noise: number[];
}

/** One case of gp-map-fit.json: BoTorch's default model at the optimum BoTorch found. */
export interface MapFitCase {
  readonly kernel: KernelName;
  readonly X: number[][];
  readonly y_standardised: number[];
  readonly noise_variance: number[] | null;
  readonly log_posterior_at_optimum: number;
  readonly lengthscales: number[];
  readonly inferred_noise_variance: number | null;
  readonly mean: number;
  readonly X_test: number[][];
  readonly posterior_mean: number[];
  readonly posterior_variance: number[];
}

export const flat = (rows: number[][]): Float64Array => Float64Array.from(rows.flat());

/** The golden's process; its hyperparameters are in raw units, ours in standardised ones. */
export function goldenProcess(golden: PosteriorCase): GaussianProcess {
  const data: TrainingData = {
    dimension: golden.lengthscales.length,
    X: flat(golden.X),
    y: Float64Array.from(golden.y),
    noise: { kind: 'known', variance: Float64Array.from(golden.noise_variance) },
  };
  const { mean, stddev } = standardization(data.y);
  return condition(data, {
    kernel: golden.kernel,
    lengthscales: golden.lengthscales,
    outputscale: golden.outputscale / stddev ** 2,
    noiseVariance: NaN,
    mean: (golden.mean - mean) / stddev,
    meanVariance: 0,
    logPosterior: NaN,
    jitter: 0,
  });
}
