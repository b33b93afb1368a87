import { dot, solveLower, solveUpper } from '../math/triangular.ts';
import { checkInputs, type GaussianProcess } from './gaussian-process.ts';
import { crossGram, scaleInputs, squaredDistance } from './kernel.ts';
import { addMomentSlopes, scaleMomentSlopes } from './moment-slopes.ts';
import { VARIANCE_FLOOR } from './posterior.ts';

/** Mean and variance at a point with their gradients in it, length d. */
export interface GradientMoments {
  mean: number;
  variance: number;
  readonly meanGradient: Float64Array;
  readonly varianceGradient: Float64Array;
}

/** An outcome Σ_k a_k·f_k + c of independent processes, each named by its index; a process alone has one term, 1·f. */
export interface LinearCombination {
  readonly terms: readonly { readonly part: number; readonly coefficient: number }[];
  readonly constant: number;
}

/** One process as it is. */
export function partAlone(part: number): LinearCombination {
  return { terms: [{ part, coefficient: 1 }], constant: 0 };
}

/** Throws RangeError when there are no terms, a part is none of `parts`, or a number is not finite. */
export function checkCombination({ terms, constant }: LinearCombination, parts: number): void {
  if (terms.length === 0) throw new RangeError('a linear combination of 0 processes');
  if (!Number.isFinite(constant)) throw new RangeError(`constant ${constant}`);
  for (const { part, coefficient } of terms) {
    if (!Number.isFinite(coefficient)) throw new RangeError(`coefficient ${coefficient}`);
    if (!(part >= 0 && part < parts)) throw new RangeError(`part ${part} is none of ${parts} processes`);
  }
}

/** Σ a_k m_k + c: the combination of values, or of means. `values` one a process. */
export function combinedMean({ terms, constant }: LinearCombination, values: ArrayLike<number>): number {
  let sum = constant;
  for (let k = 0; k < terms.length; k++) sum += terms[k]!.coefficient * values[terms[k]!.part]!;
  return sum;
}

/** Σ a_k² v_k: a linear combination of independent normals is normal, so the two moments say all. `variances` one a process. */
export function combinedVariance({ terms }: LinearCombination, variances: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < terms.length; k++) {
    const { part, coefficient } = terms[k]!;
    sum += coefficient * coefficient * variances[part]!;
  }
  return sum;
}

/** `combinedMean` of each column: `rows` one a process, all of one length, which is that of the result. */
export function combinedValues(
  { terms, constant }: LinearCombination,
  rows: readonly Float64Array[],
): Float64Array {
  const out = new Float64Array(rows[terms[0]!.part]!.length).fill(constant);
  for (const { part, coefficient } of terms) {
    const row = rows[part]!;
    for (let i = 0; i < out.length; i++) out[i]! += coefficient * row[i]!;
  }
  return out;
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
