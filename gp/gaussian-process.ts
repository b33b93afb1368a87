import { appendRow, choleskyFilled, type Cholesky } from '../math/cholesky.ts';
import { solveLower, solveUpper } from '../math/triangular.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import { crossGram, gram, scaleInputs, type Kernel } from './kernel.ts';
import { kernelByName } from './kernels/kernel-by-name.ts';
import { NOISELESS_VARIANCE, standardizedNoise, withInferred } from './noise.ts';
import { standardization, standardize, type Standardization } from './standardize.ts';
import { checkTrainingData, type TrainingData } from './training-data.ts';

/** A Gaussian process conditioned on n observations, at fixed hyperparameters. */
export interface GaussianProcess {
  readonly size: number;
  readonly dimension: number;
  readonly kernel: Kernel;
  readonly hyperparameters: Hyperparameters;
  readonly standardization: Standardization;
  /** Inputs divided by their lengthscales, n×d row-major. */
  readonly scaledInputs: Float64Array;
  /** Standardised outputs and noise variances, length n. */
  readonly outputs: Float64Array;
  readonly noise: Float64Array;
  /** Of K + diag(noise). */
  readonly cholesky: Cholesky;
  /** (K + diag(noise))⁻¹(y − mean), standardised. */
  readonly alpha: Float64Array;
}

/**
 * The posterior process given observations and hyperparameters.
 *
 * Throws RangeError on malformed data or a wrong number of lengthscales, NotPositiveDefiniteError.
 * Source: Rasmussen & Williams 2006, algorithm 2.1.
 */
export function condition(data: TrainingData, hyperparameters: Hyperparameters): GaussianProcess {
  checkTrainingData(data);
  const { dimension } = data;
  const { lengthscales, noiseVariance } = hyperparameters;
  if (lengthscales.length !== dimension) {
    throw new RangeError(`${lengthscales.length} lengthscales for dimension ${dimension}`);
  }
  const size = data.y.length;
  const kernel = kernelByName[hyperparameters.kernel];
  const scale = standardization(data.y, data.noise);
  const outputs = standardize(data.y, scale);
  const noise = withInferred(standardizedNoise(data.noise, size, scale.stddev), noiseVariance);
  const scaledInputs = scaleInputs(data.X, lengthscales);
  const factor = choleskyFilled((K) => {
    gram(kernel, scaledInputs, dimension, hyperparameters, K);
    for (let i = 0; i < size; i++) K[i * size + i]! += noise[i]!;
  }, size);
  return {
    size,
    dimension,
    kernel,
    hyperparameters,
    standardization: scale,
    scaledInputs,
    outputs,
    noise,
    cholesky: factor,
    alpha: solveAlpha(factor, outputs, hyperparameters.mean),
  };
}

/**
 * The process conditioned on one more observation, in O(n²); hyperparameters and standardisation stay.
 *
 * `x` length d in the unit cube, `y` in raw output units; `variance` is the observation's noise in raw units²; without
 * one it has the inferred noise.
 * Throws RangeError on a wrong length, NotPositiveDefiniteError.
 */
export function appendObservation(
  gp: GaussianProcess,
  x: Float64Array,
  y: number,
  variance?: number,
): GaussianProcess {
  checkInputs(gp, x, 1);
  const { size: n, hyperparameters, standardization: scale } = gp;
  const z = scaleInputs(x, hyperparameters.lengthscales);
  const { outputscale, meanVariance, noiseVariance } = hyperparameters;
  const row = crossGram(gp.kernel, z, gp.scaledInputs, gp.dimension, hyperparameters);
  const noise =
    variance === undefined
      ? noiseVariance
      : Math.max(NOISELESS_VARIANCE, variance / scale.stddev / scale.stddev);
  const factor = appendRow(gp.cholesky, row, outputscale + meanVariance + noise);
  const outputs = concatenate(gp.outputs, [(y - scale.mean) / scale.stddev]);
  return {
    ...gp,
    size: n + 1,
    scaledInputs: concatenate(gp.scaledInputs, z),
    outputs,
    noise: concatenate(gp.noise, [noise]),
    cholesky: factor,
    alpha: solveAlpha(factor, outputs, hyperparameters.mean),
  };
}

/** Throws RangeError unless `X` holds `count` inputs (any whole number of them when it is not given). */
export function checkInputs(
  { dimension }: GaussianProcess,
  X: Float64Array,
  count = X.length / dimension,
): void {
  if (X.length !== count * dimension || !Number.isInteger(count)) {
    throw new RangeError(`${X.length} numbers are not ${count} inputs of dimension ${dimension}`);
  }
}

function solveAlpha({ factor, size }: Cholesky, outputs: Float64Array, mean: number): Float64Array {
  const alpha = outputs.map((y) => y - mean);
  solveLower(factor, size, alpha);
  solveUpper(factor, size, alpha);
  return alpha;
}

function concatenate(head: Float64Array, tail: ArrayLike<number>): Float64Array {
  const whole = new Float64Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
