import { dot, solveLower, solveUpper } from '../math/triangular.ts';
import { solveLowerRows } from '../math/triangular-rows.ts';
import { checkInputs, type GaussianProcess } from './gaussian-process.ts';
import { crossGram, gram, scaleInputs, squaredDistance } from './kernel.ts';
import { addMomentSlopes, scaleMomentSlopes } from './moment-slopes.ts';

/**
 * Least latent variance, relative to the prior's: at an exact observation the difference s − k*ᵀK⁻¹k* is rounding
 * error of about n·ε·s/noise.
 */
export const VARIANCE_FLOOR = 1e-10;

/** Of the latent function (without observation noise), in raw output units. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

export interface ManyMoments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export interface JointPosterior {
  readonly mean: Float64Array;
  /** m×m row-major. */
  readonly covariance: Float64Array;
}

/**
 * Posterior mean and variance of the latent function at one point.
 *
 * mean = m + k*ᵀα, variance = s − k*ᵀK⁻¹k*. `x` length d in the unit cube; raw output units.
 * Throws RangeError on a wrong length.
 * Source: Rasmussen & Williams 2006, eqs. 2.25–2.26.
 */
export function predict(gp: GaussianProcess, x: Float64Array): Moments {
  checkInputs(gp, x, 1);
  const { mean, variance } = predictMany(gp, x);
  return { mean: mean[0]!, variance: variance[0]! };
}

/**
 * The posterior mean alone, m + k*ᵀα, in O(nd) and without allocating: a function of x, length d in the unit cube, to raw
 * output units.
 */
export function posteriorMean(gp: GaussianProcess): (x: Float64Array) => number {
  const { size: n, dimension: d, kernel, scaledInputs, alpha, hyperparameters } = gp;
  const { lengthscales, outputscale, meanVariance } = hyperparameters;
  const scaled = new Float64Array(d);
  return (x) => {
    scaleInputs(x, lengthscales, scaled);
    let explained = 0;
    for (let i = 0; i < n; i++) {
      const r2 = squaredDistance(scaled, 0, scaledInputs, i * d, d);
      explained += alpha[i]! * (outputscale * kernel.value(r2) + meanVariance);
    }
    return rawMean(gp, explained);
  };
}

/** `predict` at each row of `X`, m×d. */
export function predictMany(gp: GaussianProcess, X: Float64Array): ManyMoments {
  checkInputs(gp, X);
  const { size: n, cholesky } = gp;
  const covariances = covariancesWith(gp, X);
  const m = covariances.length / n;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  for (let i = 0; i < m; i++) mean[i] = rawMean(gp, dot(covariances, i * n, gp.alpha, 0, n));
  solveLowerRows(cholesky.factor, n, covariances);
  for (let i = 0; i < m; i++) {
    const explained = dot(covariances, i * n, covariances, i * n, n);
    variance[i] = rawVariance(gp, clampVariance(gp, priorVariance(gp) - explained));
  }
  return { mean, variance };
}

/**
 * Joint posterior of the latent function at m points.
 *
 * covariance = K** − K*K⁻¹K*ᵀ. `X` m×d in the unit cube; raw output units (squared).
 * Throws RangeError on a wrong length.
 * Source: Rasmussen & Williams 2006, eqs. 2.23–2.24.
 */
export function jointPosterior(gp: GaussianProcess, X: Float64Array): JointPosterior {
  checkInputs(gp, X);
  const { size: n, dimension, hyperparameters, cholesky } = gp;
  const Z = scaleInputs(X, hyperparameters.lengthscales);
  const covariance = gram(gp.kernel, Z, dimension, hyperparameters);
  const V = covariancesWith(gp, X);
  const m = X.length / dimension;
  const mean = new Float64Array(m);
  for (let i = 0; i < m; i++) mean[i] = rawMean(gp, dot(V, i * n, gp.alpha, 0, n));
  solveLowerRows(cholesky.factor, n, V);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const latent = covariance[i * m + j]! - dot(V, i * n, V, j * n, n);
      const raw = rawVariance(gp, i === j ? clampVariance(gp, latent) : latent);
      covariance[i * m + j] = raw;
      covariance[j * m + i] = raw;
    }
  }
  return { mean, covariance };
}

/** Prior covariances k(X, observed), m×n, standardised. */
function covariancesWith(gp: GaussianProcess, X: Float64Array): Float64Array {
  const { kernel, hyperparameters, scaledInputs, dimension } = gp;
  return crossGram(
    kernel,
    scaleInputs(X, hyperparameters.lengthscales),
    scaledInputs,
    dimension,
    hyperparameters,
  );
}

/** Where `predictWithGradient` writes, and its scratch; made once for any number of calls with processes of one size. */
export interface PredictionGradient {
  mean: number;
  variance: number;
  /** ∂mean/∂x and ∂variance/∂x, length d. */
  readonly meanGradient: Float64Array;
  readonly varianceGradient: Float64Array;
  readonly scaledInput: Float64Array;
  readonly slopes: Float64Array;
  readonly solved: Float64Array;
}

export function predictionGradient({ size, dimension }: GaussianProcess): PredictionGradient {
  return {
    mean: 0,
    variance: 0,
    meanGradient: new Float64Array(dimension),
    varianceGradient: new Float64Array(dimension),
    scaledInput: new Float64Array(dimension),
    slopes: new Float64Array(size),
    solved: new Float64Array(size),
  };
}

/**
 * `predict` with its gradients, without allocating.
 *
 * ∂mean/∂x = Σ α_i ∂k_i/∂x, ∂variance/∂x = −2 Σ (K⁻¹k*)_i ∂k_i/∂x, ∂k_i/∂x_j = 2s·k′(r²)(x_j − X_ij)/ℓ_j²; the variance's
 * gradient is 0 where the variance is at its floor.
 * `x` length d in the unit cube; `out` from `predictionGradient` of a process of the same size.
 */
export function predictWithGradient(gp: GaussianProcess, x: Float64Array, out: PredictionGradient): void {
  const { size: n, dimension: d, kernel, scaledInputs, alpha, cholesky, hyperparameters } = gp;
  const { lengthscales, outputscale, meanVariance } = hyperparameters;
  const { meanGradient, varianceGradient, scaledInput, slopes, solved } = out;
  scaleInputs(x, lengthscales, scaledInput);
  for (let i = 0; i < n; i++) {
    const r2 = squaredDistance(scaledInput, 0, scaledInputs, i * d, d);
    const value = kernel.value(r2);
    solved[i] = outputscale * value + meanVariance;
    slopes[i] = outputscale * kernel.derivative(r2, value);
  }
  const explainedMean = dot(solved, 0, alpha, 0, n);
  solveLower(cholesky.factor, n, solved);
  const latent = priorVariance(gp) - dot(solved, 0, solved, 0, n);
  const variance = clampVariance(gp, latent);
  solveUpper(cholesky.factor, n, solved);
  meanGradient.fill(0);
  varianceGradient.fill(0);
  addMomentSlopes(alpha, solved, slopes, scaledInput, scaledInputs, meanGradient, varianceGradient);
  const { stddev } = gp.standardization;
  scaleMomentSlopes(stddev, lengthscales, variance !== latent, meanGradient, varianceGradient);
  out.mean = rawMean(gp, explainedMean);
  out.variance = rawVariance(gp, variance);
}

/** Of the latent function at any point, standardised: its own and its mean's. */
export function priorVariance({ hyperparameters: { outputscale, meanVariance } }: GaussianProcess): number {
  return outputscale + meanVariance;
}

function clampVariance({ hyperparameters }: GaussianProcess, latent: number): number {
  return Math.max(VARIANCE_FLOOR * hyperparameters.outputscale, latent);
}

function rawMean({ standardization, hyperparameters }: GaussianProcess, explained: number): number {
  return standardization.mean + standardization.stddev * (hyperparameters.mean + explained);
}

function rawVariance({ standardization: { stddev } }: GaussianProcess, standardized: number): number {
  return stddev * stddev * standardized;
}
