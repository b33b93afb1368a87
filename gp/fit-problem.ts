import type { Bounds, Objective } from '../math/lbfgs.ts';
import type { FitParameters } from './fit-starts.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import type { KernelName } from './kernel.ts';
import { kernelByName } from './kernels/kernel-by-name.ts';
import {
  differentiateLikelihood,
  factorCovariance,
  likelihoodGradient,
  likelihoodWorkspace,
  logMarginalLikelihood,
  profiledMean,
} from './marginal-likelihood.ts';
import { NOISELESS_VARIANCE, standardizedNoise } from './noise.ts';
import { LENGTHSCALE_REACH, logDensity, logDensitySlope, NOISE_CEILING, type Priors } from './priors.ts';
import { standardization, standardize } from './standardize.ts';
import type { TrainingData } from './training-data.ts';

/** Mean SEM²/stddev² above which the noise, not the function, makes up the outputs' variance */
const OUTPUTSCALE_NOISE_RATIO = 0.25;
/** The latent function keeps at least a tenth of the outputs' stddev and at most about three times it. */
const OUTPUTSCALE_RANGE = [0.01, 10] as const;

/**
 * Variance of the constant mean, in that of the outputs, where they are noisy: next to flat. Where noise dominates, the
 * outputscale may shrink to next to nothing, and the mean's error is then most of what is uncertain.
 */
const NOISY_MEAN_VARIANCE = 1;

/** Observations on the scale of the hyperparameters. */
export interface StandardizedData {
  readonly dimension: number;
  /** n×d row-major, in the unit cube. */
  readonly X: Float64Array;
  readonly y: Float64Array;
  /** Noise variances, NaN where inferred. */
  readonly noise: Float64Array;
  /** Whether an outputscale is fitted: decided by all observations, whichever of them are fitted. */
  readonly fitsOutputscale: boolean;
  /** Of the constant mean. Without noise 0: the function's own variance says all, and searches end sooner (ADR 0018). */
  readonly meanVariance: number;
}

/** Outputs and noise standardised by all observations. */
export function standardizedData({ dimension, X, y, noise }: TrainingData): StandardizedData {
  const scale = standardization(y, noise);
  const outputs = standardize(y, scale);
  const variances = standardizedNoise(noise, y.length, scale.stddev);
  return {
    dimension,
    X,
    y: outputs,
    noise: variances,
    fitsOutputscale: fitsOutputscale(variances, outputs),
    meanVariance: isMostlyExact(variances) ? 0 : NOISY_MEAN_VARIANCE,
  };
}

/**
 * `count` of the observations, evenly over their sequence, the first and the last among them; all where there are no more.
 *
 * Throws RangeError unless both fit into it.
 */
export function evenSubset(data: StandardizedData, count: number): StandardizedData {
  const { dimension: d, X, y, noise } = data;
  const n = y.length;
  if (count >= n) return data;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new RangeError(`cannot take ${count} of ${n} observations: expected a whole number of at least 2`);
  }
  const rows = Array.from({ length: count }, (_, i) => Math.round((i * (n - 1)) / (count - 1)));
  return {
    ...data,
    X: Float64Array.from({ length: count * d }, (_, at) => X[rows[Math.floor(at / d)]! * d + (at % d)]!),
    y: Float64Array.from(rows, (row) => y[row]!),
    noise: Float64Array.from(rows, (row) => noise[row]!),
  };
}

export interface FitProblem {
  /** Minus the log posterior over (log ℓ₁…ℓ_d, log noise?, log outputscale?). */
  readonly objective: Objective;
  readonly bounds: Bounds;
  encode(parameters: FitParameters): Float64Array;
  describe(theta: Float64Array): Hyperparameters;
}

/**
 * Minus the log posterior, log N(y | mean·1, s·k(X, X) + noise) + Σ log p(ℓ_k) + log p(noise), with the mean profiled out.
 *
 * The noise is a variable where some of it is unknown, the outputscale where known noise dominates (else it is 1).
 */
export function fitProblem(
  data: StandardizedData,
  kernel: KernelName,
  { lengthscale: lengthscalePrior, noise: noisePrior }: Priors,
): FitProblem {
  const { dimension: d, X, y, noise: given } = data;
  const n = y.length;
  const noiseAt = given.some(Number.isNaN) ? d : -1;
  const outputscaleAt = data.fitsOutputscale ? (noiseAt < 0 ? d : d + 1) : -1;
  const size = d + (noiseAt < 0 ? 0 : 1) + (outputscaleAt < 0 ? 0 : 1);

  const workspace = likelihoodWorkspace(kernelByName[kernel], d, X, y);
  const inLikelihood = likelihoodGradient(d, n);
  const lengthscales = new Float64Array(d);
  const noise = given.slice();
  let outputscale = 1;
  let jitter = 0;
  let mean = 0;

  const objective: Objective = (theta, gradient) => {
    for (let k = 0; k < d; k++) lengthscales[k] = Math.exp(theta[k]!);
    const inferred = noiseAt < 0 ? NOISELESS_VARIANCE : Math.exp(theta[noiseAt]!);
    if (noiseAt >= 0) {
      for (let i = 0; i < n; i++) if (Number.isNaN(given[i]!)) noise[i] = inferred;
    }
    if (outputscaleAt >= 0) outputscale = Math.exp(theta[outputscaleAt]!);
    jitter = factorCovariance(workspace, lengthscales, outputscale, noise);
    mean = profiledMean(workspace);
    let logPosterior = logMarginalLikelihood(workspace, mean);
    differentiateLikelihood(workspace, outputscale, inLikelihood);
    for (let k = 0; k < d; k++) {
      logPosterior += logDensity(lengthscalePrior, theta[k]!);
      gradient[k] = -(inLikelihood.logLengthscales[k]! + logDensitySlope(lengthscalePrior, theta[k]!));
    }
    if (noiseAt >= 0) {
      logPosterior += logDensity(noisePrior, theta[noiseAt]!);
      let slope = 0;
      for (let i = 0; i < n; i++) if (Number.isNaN(given[i]!)) slope += inLikelihood.noise[i]!;
      gradient[noiseAt] = -(slope * inferred + logDensitySlope(noisePrior, theta[noiseAt]!));
    }
    if (outputscaleAt >= 0) gradient[outputscaleAt] = -inLikelihood.logOutputscale;
    return -logPosterior;
  };

  const lower = new Float64Array(size).fill(Math.log(lengthscalePrior.floor));
  const upper = new Float64Array(size).fill(
    lengthscalePrior.location + LENGTHSCALE_REACH * lengthscalePrior.scale,
  );
  if (noiseAt >= 0) {
    lower[noiseAt] = Math.log(noisePrior.floor);
    upper[noiseAt] = Math.log(NOISE_CEILING);
  }
  if (outputscaleAt >= 0) {
    lower[outputscaleAt] = Math.log(OUTPUTSCALE_RANGE[0]);
    upper[outputscaleAt] = Math.log(OUTPUTSCALE_RANGE[1]);
  }

  return {
    objective,
    bounds: { lower, upper },
    encode(parameters) {
      const theta = new Float64Array(size);
      for (let k = 0; k < d; k++) theta[k] = Math.log(parameters.lengthscales[k]!);
      if (noiseAt >= 0) theta[noiseAt] = Math.log(parameters.noiseVariance);
      if (outputscaleAt >= 0) theta[outputscaleAt] = Math.log(parameters.outputscale);
      return theta;
    },
    describe(theta) {
      const logPosterior = -objective(theta, new Float64Array(size));
      return {
        kernel,
        lengthscales: Array.from(lengthscales),
        outputscale,
        noiseVariance: noiseAt < 0 ? NOISELESS_VARIANCE : Math.exp(theta[noiseAt]!),
        mean,
        meanVariance: data.meanVariance,
        logPosterior,
        jitter,
      };
    },
  };
}

/** Whether at least half of the observations are: outliers taken in count as noisy. */
function isMostlyExact(standardNoise: Float64Array): boolean {
  return (
    standardNoise.filter((variance) => variance <= NOISELESS_VARIANCE).length * 2 >= standardNoise.length
  );
}

/** Whether known noise dominates outputs that do vary: equal outputs say nothing of the function's variance. */
function fitsOutputscale(standardNoise: Float64Array, y: Float64Array): boolean {
  const known = standardNoise.filter((variance) => !Number.isNaN(variance));
  const total = known.reduce((sum, variance) => sum + variance, 0);
  return total > OUTPUTSCALE_NOISE_RATIO * known.length && y.some((value) => value !== 0);
}
