import { choleskyInto } from '../math/cholesky.ts';
import { dot, logDeterminant, solveLower, solveUpper } from '../math/triangular.ts';
import { inverseInto } from '../math/triangular-inverse.ts';
import { scaleInputs, squaredDistance, type Kernel } from './kernel.ts';
import { addLengthscaleSlopes } from './lengthscale-slopes.ts';

/** The buffers that one data set's likelihood is evaluated in; made once per fit. */
export interface LikelihoodWorkspace {
  readonly kernel: Kernel;
  readonly size: number;
  readonly dimension: number;
  readonly X: Float64Array;
  readonly y: Float64Array;
  readonly scaled: Float64Array;
  readonly K: Float64Array;
  /** s·dk/d(r²) for each pair. */
  readonly slope: Float64Array;
  readonly factor: Float64Array;
  readonly inverse: Float64Array;
  readonly scratch: Float64Array;
  /** L⁻¹1 and L⁻¹y. */
  readonly whitenedOnes: Float64Array;
  readonly whitenedOutputs: Float64Array;
  readonly alpha: Float64Array;
}

/** Derivatives of the log marginal likelihood; `noise` is in each observation's own variance (not its log). */
export interface LikelihoodGradient {
  readonly logLengthscales: Float64Array;
  readonly noise: Float64Array;
  logOutputscale: number;
  mean: number;
}

/** `X` n×d row-major, `y` length n, both on the scale of the hyperparameters that will be tried. */
export function likelihoodWorkspace(
  kernel: Kernel,
  dimension: number,
  X: Float64Array,
  y: Float64Array,
): LikelihoodWorkspace {
  const n = y.length;
  const matrix = (): Float64Array => new Float64Array(n * n);
  const vector = (): Float64Array => new Float64Array(n);
  return {
    kernel,
    size: n,
    dimension,
    X,
    y,
    scaled: new Float64Array(X.length),
    K: matrix(),
    slope: matrix(),
    factor: matrix(),
    inverse: matrix(),
    scratch: matrix(),
    whitenedOnes: vector(),
    whitenedOutputs: vector(),
    alpha: vector(),
  };
}

export function likelihoodGradient(dimension: number, n: number): LikelihoodGradient {
  return {
    logLengthscales: new Float64Array(dimension),
    noise: new Float64Array(n),
    logOutputscale: 0,
    mean: 0,
  };
}

/**
 * Factors K = s·k(X, X) + diag(noise) + jitter·I = LLᵀ, and whitens; returns the jitter.
 *
 * `lengthscales` length d, `noise` n variances.
 * Throws NotPositiveDefiniteError.
 */
export function factorCovariance(
  w: LikelihoodWorkspace,
  lengthscales: ArrayLike<number>,
  outputscale: number,
  noise: Float64Array,
): number {
  const { kernel, size: n, dimension: d, scaled, K, slope, factor } = w;
  scaleInputs(w.X, lengthscales, scaled);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const r2 = squaredDistance(scaled, i * d, scaled, j * d, d);
      const value = kernel.value(r2);
      K[i * n + j] = outputscale * value;
      slope[i * n + j] = outputscale * kernel.derivative(r2, value);
    }
    K[i * n + i] = outputscale + noise[i]!;
  }
  const jitter = choleskyInto(K, n, factor);
  w.whitenedOnes.fill(1);
  w.whitenedOutputs.set(w.y);
  solveLower(factor, n, w.whitenedOnes);
  solveLower(factor, n, w.whitenedOutputs);
  return jitter;
}

/**
 * The constant mean that maximises the likelihood at the factored covariance, 1ᵀK⁻¹y / 1ᵀK⁻¹1 (generalised least
 * squares: under a flat prior, profiling it out reaches the joint optimum).
 */
export function profiledMean({ size: n, whitenedOnes, whitenedOutputs }: LikelihoodWorkspace): number {
  return dot(whitenedOnes, 0, whitenedOutputs, 0, n) / dot(whitenedOnes, 0, whitenedOnes, 0, n);
}

/**
 * Log marginal likelihood at the factored covariance, −½rᵀK⁻¹r − ½ log|K| − (n/2) log 2π, r = y − mean; leaves
 * alpha = K⁻¹r in the workspace.
 *
 * Source: Rasmussen & Williams 2006, eq. 2.30.
 */
export function logMarginalLikelihood(w: LikelihoodWorkspace, mean: number): number {
  const { size: n, factor, alpha, whitenedOnes, whitenedOutputs } = w;
  for (let i = 0; i < n; i++) alpha[i] = whitenedOutputs[i]! - mean * whitenedOnes[i]!;
  const quadratic = dot(alpha, 0, alpha, 0, n);
  solveUpper(factor, n, alpha);
  return -0.5 * (quadratic + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
}

/**
 * Gradient of the log marginal likelihood last evaluated, ½ tr((ααᵀ − K⁻¹)·∂K/∂θ); in the mean, 1ᵀα.
 *
 * ∂K_ij/∂log ℓ_k = −2·s·k′(r²)·((x_ik − x_jk)/ℓ_k)². O(n³ + n²d).
 * Source: Rasmussen & Williams 2006, eq. 5.9.
 */
export function differentiateLikelihood(
  w: LikelihoodWorkspace,
  outputscale: number,
  out: LikelihoodGradient,
): void {
  const { size: n, scaled, K, slope, inverse, alpha } = w;
  const { logLengthscales, noise } = out;
  inverseInto(w.factor, n, inverse, w.scratch);
  // Row i of the pairs' weights; the inverse has been read out of the scratch.
  const pulls = w.scratch;
  logLengthscales.fill(0);
  let inOutputscale = 0;
  let inMean = 0;
  for (let i = 0; i < n; i++) {
    const a = alpha[i]!;
    for (let j = 0, entry = i * n; j < i; j++, entry++) {
      const weight = a * alpha[j]! - inverse[entry]!;
      inOutputscale += weight * K[entry]!;
      pulls[j] = -2 * weight * slope[entry]!;
    }
    addLengthscaleSlopes(pulls, scaled, i, logLengthscales);
    const diagonal = 0.5 * (a * a - inverse[i * n + i]!);
    noise[i] = diagonal;
    inOutputscale += diagonal * outputscale;
    inMean += a;
  }
  out.logOutputscale = inOutputscale;
  out.mean = inMean;
}
