import { dot, solveLower, solveUpper } from '../math/triangular.ts';
import { checkInputs, type GaussianProcess } from './gaussian-process.ts';
import { crossGram, scaleInputs, squaredDistance } from './kernel.ts';
import { addMomentSlopes, scaleMomentSlopes } from './moment-slopes.ts';
import {
  predictionGradient,
  predictWithGradient,
  type PredictionGradient,
  VARIANCE_FLOOR,
} from './posterior.ts';

/** Mean and variance at a point with their gradients in it, length d. */
export interface GradientMoments {
  mean: number;
  variance: number;
  readonly meanGradient: Float64Array;
  readonly varianceGradient: Float64Array;
}

/** An outcome Σ_k a_k·f_k of independent processes, and the scratch that it is predicted in. */
export interface LinearCombination {
  readonly terms: readonly { readonly coefficient: number; readonly process: GaussianProcess }[];
  readonly parts: readonly PredictionGradient[];
}

/** Throws RangeError when there are no terms, dimensions differ, or a coefficient is not finite. */
export function linearCombination(terms: LinearCombination['terms']): LinearCombination {
  const dimension = terms[0]?.process.dimension;
  if (dimension === undefined) throw new RangeError('a linear combination of 0 processes');
  for (const { coefficient, process } of terms) {
    if (!Number.isFinite(coefficient)) throw new RangeError(`coefficient ${coefficient}`);
    if (process.dimension !== dimension) {
      throw new RangeError(`processes of dimensions ${dimension} and ${process.dimension}`);
    }
  }
  return { terms, parts: terms.map(({ process }) => predictionGradient(process)) };
}

/** Where predictions of dimension d are written. */
export function gradientMoments(dimension: number): GradientMoments {
  return {
    mean: 0,
    variance: 0,
    meanGradient: new Float64Array(dimension),
    varianceGradient: new Float64Array(dimension),
  };
}

/**
 * Posterior moments of the outcome at one point, with gradients: it is normal, so they say all.
 *
 * mean = Σ a_k m_k(x), variance = Σ a_k² v_k(x), the metrics independent given the data. `x` length d in the unit cube; in
 * the units of a_k times those of metric k.
 * Throws RangeError on a wrong length.
 */
export function predictCombination(
  { terms, parts }: LinearCombination,
  x: Float64Array,
  out: GradientMoments,
): void {
  checkInputs(terms[0]!.process, x, 1);
  out.mean = 0;
  out.variance = 0;
  out.meanGradient.fill(0);
  out.varianceGradient.fill(0);
  terms.forEach(({ coefficient: a, process }, k) => {
    const part = parts[k]!;
    predictWithGradient(process, x, part);
    out.mean += a * part.mean;
    out.variance += a * a * part.variance;
    for (let j = 0; j < x.length; j++) {
      out.meanGradient[j]! += a * part.meanGradient[j]!;
      out.varianceGradient[j]! += a * a * part.varianceGradient[j]!;
    }
  });
}

/** The outcome f(x) − c·f(x_b) of one process, x_b fixed. */
export interface BaselineDifference {
  readonly process: GaussianProcess;
  readonly factor: number;
  /** x_b over the lengthscales, its covariances with the observations, standardised, and scratch. */
  readonly scaledBaseline: Float64Array;
  readonly baselineCovariances: Float64Array;
  readonly scaledInput: Float64Array;
  readonly slopes: Float64Array;
  readonly solved: Float64Array;
}

/** f(x) − c·f(x_b); `baseline` x_b length d in the unit cube, `factor` c. Throws RangeError on a wrong length or factor. */
export function baselineDifference(
  process: GaussianProcess,
  factor: number,
  baseline: Float64Array,
): BaselineDifference {
  checkInputs(process, baseline, 1);
  if (!Number.isFinite(factor)) throw new RangeError(`factor ${factor}`);
  const { kernel, scaledInputs, dimension, size, hyperparameters } = process;
  const { lengthscales, outputscale } = hyperparameters;
  const scaledBaseline = scaleInputs(baseline, lengthscales);
  return {
    process,
    factor,
    scaledBaseline,
    baselineCovariances: crossGram(kernel, scaledBaseline, scaledInputs, dimension, outputscale),
    scaledInput: new Float64Array(dimension),
    slopes: new Float64Array(size),
    solved: new Float64Array(size),
  };
}

/**
 * Posterior moments of f(x) − c·f(x_b) with gradients in x, from the joint posterior of both points.
 *
 * With q = k(x) − c·k(x_b): mean = (1 − c)m + qᵀα, variance = s((1 − c)² + 2c(1 − k(x, x_b))) − qᵀK⁻¹q, which keeps its
 * digits where x nears x_b; gradients Σ α_i ∂k_i and −2sc ∂k(x, x_b) − 2 Σ (K⁻¹q)_i ∂k_i, the second 0 at the variance's
 * floor. `x` length d in the unit cube; raw output units. O(n²).
 * Throws RangeError on a wrong length.
 */
export function predictDifference(
  difference: BaselineDifference,
  x: Float64Array,
  out: GradientMoments,
): void {
  const { process, factor: c, scaledBaseline, baselineCovariances, scaledInput, slopes, solved } = difference;
  const { size: n, dimension: d, kernel, scaledInputs, alpha, cholesky, hyperparameters } = process;
  const { lengthscales, outputscale, mean } = hyperparameters;
  const { meanGradient, varianceGradient } = out;
  checkInputs(process, x, 1);
  scaleInputs(x, lengthscales, scaledInput);
  for (let i = 0; i < n; i++) {
    const r2 = squaredDistance(scaledInput, 0, scaledInputs, i * d, d);
    const value = kernel.value(r2);
    solved[i] = outputscale * value - c * baselineCovariances[i]!;
    slopes[i] = outputscale * kernel.derivative(r2, value);
  }
  const explainedMean = dot(solved, 0, alpha, 0, n);
  const r2 = squaredDistance(scaledInput, 0, scaledBaseline, 0, d);
  const similarity = kernel.value(r2);
  const prior = outputscale * ((1 - c) ** 2 + 2 * c * (1 - similarity));
  solveLower(cholesky.factor, n, solved);
  const latent = prior - dot(solved, 0, solved, 0, n);
  const variance = Math.max(VARIANCE_FLOOR * outputscale, latent);
  solveUpper(cholesky.factor, n, solved);

  const towardsBaseline = c * outputscale * kernel.derivative(r2, similarity);
  for (let k = 0; k < d; k++) {
    meanGradient[k] = 0;
    varianceGradient[k] = towardsBaseline * (scaledInput[k]! - scaledBaseline[k]!);
  }
  addMomentSlopes(alpha, solved, slopes, scaledInput, scaledInputs, meanGradient, varianceGradient);
  const { mean: centre, stddev } = process.standardization;
  scaleMomentSlopes(stddev, lengthscales, variance !== latent, meanGradient, varianceGradient);
  out.mean = (1 - c) * (centre + stddev * mean) + stddev * explainedMean;
  out.variance = stddev * stddev * variance;
}
