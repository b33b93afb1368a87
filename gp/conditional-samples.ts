import { cholesky } from '../math/cholesky.ts';
import { dot, solveLower, solveUpper } from '../math/triangular.ts';
import { solveLowerRows } from '../math/triangular-rows.ts';
import type { GaussianProcess } from './gaussian-process.ts';
import { crossGram, scaleInputs, squaredDistance } from './kernel.ts';
import {
  jointPosterior,
  predictionGradient,
  predictWithGradient,
  type PredictionGradient,
  VARIANCE_FLOOR,
} from './posterior.ts';

/** A process given, beside its observations, each of S samples of itself at m points. */
export interface ConditionalSamples {
  readonly gp: GaussianProcess;
  readonly count: number;
  readonly points: number;
  /** m×d, divided by the lengthscales. */
  readonly scaledPoints: Float64Array;
  /** k(points, observed) and K⁻¹ times it, m×n, standardised. */
  readonly priors: Float64Array;
  readonly weights: Float64Array;
  /** L, m×m: of the posterior covariance at the points, raw output units. */
  readonly factor: Float64Array;
  /** L⁻¹(f_s − mean), S×m. */
  readonly whitened: Float64Array;
}

/**
 * What conditioning on samples needs at every x, computed once.
 *
 * `X` m×d in the unit cube; `values` S×m in raw output units, as `orderedSamples` draws them; `count` S. Without points
 * all S are the process itself.
 * Throws RangeError on lengths that disagree, NotPositiveDefiniteError.
 */
export function conditionOnSamples(
  gp: GaussianProcess,
  X: Float64Array,
  values: Float64Array,
  count: number,
): ConditionalSamples {
  const { size: n, dimension, kernel, hyperparameters, cholesky: observed } = gp;
  const m = X.length / dimension;
  if (values.length !== count * m) {
    throw new RangeError(`expected ${count}×${m} sampled values, got ${values.length}`);
  }
  const { lengthscales, outputscale } = hyperparameters;
  const scaledPoints = scaleInputs(X, lengthscales);
  const priors = crossGram(kernel, scaledPoints, gp.scaledInputs, dimension, outputscale);
  const weights = priors.slice();
  const { mean, covariance } = jointPosterior(gp, X);
  const factor = m === 0 ? covariance : cholesky(covariance, m).factor;
  solveLowerRows(observed.factor, n, weights);
  for (let j = 0; j < m; j++) solveUpper(observed.factor, n, weights, j * n);
  const whitened = values.map((value, at) => value - mean[at % m]!);
  solveLowerRows(factor, m, whitened);
  return { gp, count, points: m, scaledPoints, priors, weights, factor, whitened };
}

/** Where `predictGivenSamples` writes, and its scratch; made once for any number of calls. */
export interface ConditionalMoments {
  /** S: given each sample, in raw output units. */
  readonly means: Float64Array;
  /** The same given any sample. */
  variance: number;
  readonly prediction: PredictionGradient;
  /** m: L⁻¹ Cov(f(x), f(points)), and the kernel's slopes there. */
  readonly whitenedCovariance: Float64Array;
  readonly pointSlopes: Float64Array;
  /** m and n: of the gradient. */
  readonly covarianceSlopes: Float64Array;
  readonly inputSlopes: Float64Array;
}

export function conditionalMoments({ gp, count, points }: ConditionalSamples): ConditionalMoments {
  return {
    means: new Float64Array(count),
    variance: 0,
    prediction: predictionGradient(gp),
    whitenedCovariance: new Float64Array(points),
    pointSlopes: new Float64Array(points),
    covarianceSlopes: new Float64Array(points),
    inputSlopes: new Float64Array(gp.size),
  };
}

/**
 * Mean and variance of the latent function at x given each sample, without allocating.
 *
 * mean_s = mean + tᵀL⁻¹(f_s − mean at the points), variance = variance − tᵀt, t = L⁻¹ Cov(f(x), f(points)), all of the
 * posterior. O(n² + m(n + m + S)).
 *
 * `x` length d in the unit cube; `out` from `conditionalMoments` of the same samples.
 * Source: Balandat et al. 2020, arXiv:1910.06403, appendix on cached factors.
 */
export function predictGivenSamples(
  given: ConditionalSamples,
  x: Float64Array,
  out: ConditionalMoments,
): void {
  const { gp, count, points: m, scaledPoints, priors, factor, whitened } = given;
  const { size: n, dimension: d, kernel } = gp;
  const { outputscale } = gp.hyperparameters;
  const { means, prediction, whitenedCovariance: t, pointSlopes } = out;
  const unit = gp.standardization.stddev ** 2;
  predictWithGradient(gp, x, prediction);
  for (let j = 0; j < m; j++) {
    const r2 = squaredDistance(prediction.scaledInput, 0, scaledPoints, j * d, d);
    const value = kernel.value(r2);
    pointSlopes[j] = unit * outputscale * kernel.derivative(r2, value);
    t[j] = unit * (outputscale * value - dot(priors, j * n, prediction.solved, 0, n));
  }
  solveLower(factor, m, t);
  for (let s = 0; s < count; s++) means[s] = prediction.mean + dot(whitened, s * m, t, 0, m);
  out.variance = Math.max(varianceFloor(gp), prediction.variance - dot(t, 0, t, 0, m));
}

/**
 * Adds to `gradient` that of a function of the moments at the last x, by the chain rule backwards, without allocating.
 *
 * ∂J/∂x = Σ_s J_mean_s ∂mean_s/∂x + J_variance ∂variance/∂x; where the variance is at its floor its gradient is 0.
 *
 * `meanSlopes` S: ∂J/∂mean_s; `varianceSlope` ∂J/∂variance; `gradient` length d.
 */
export function addGradientGivenSamples(
  given: ConditionalSamples,
  out: ConditionalMoments,
  meanSlopes: Float64Array,
  varianceSlope: number,
  gradient: Float64Array,
): void {
  const { gp, count, points: m, scaledPoints, weights, factor, whitened } = given;
  const { size: n, dimension: d, scaledInputs } = gp;
  const { lengthscales } = gp.hyperparameters;
  const { prediction, whitenedCovariance: t, pointSlopes, covarianceSlopes, inputSlopes } = out;
  const inVariance = out.variance > varianceFloor(gp) ? varianceSlope : 0;
  for (let j = 0; j < m; j++) covarianceSlopes[j] = -2 * inVariance * t[j]!;
  let inMean = 0;
  for (let s = 0; s < count; s++) {
    const slope = meanSlopes[s]!;
    inMean += slope;
    for (let j = 0, row = s * m; j < m; j++) covarianceSlopes[j]! += slope * whitened[row + j]!;
  }
  solveUpper(factor, m, covarianceSlopes);
  const unit = gp.standardization.stddev ** 2;
  inputSlopes.fill(0);
  for (let j = 0; j < m; j++) {
    const slope = unit * covarianceSlopes[j]!;
    for (let i = 0, row = j * n; i < n; i++) inputSlopes[i]! -= slope * weights[row + i]!;
  }
  for (let k = 0; k < d; k++) {
    const at = prediction.scaledInput[k]!;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += inputSlopes[i]! * prediction.slopes[i]! * (at - scaledInputs[i * d + k]!);
    }
    for (let j = 0; j < m; j++) {
      sum += covarianceSlopes[j]! * pointSlopes[j]! * (at - scaledPoints[j * d + k]!);
    }
    gradient[k]! +=
      inMean * prediction.meanGradient[k]! +
      inVariance * prediction.varianceGradient[k]! +
      (2 * sum) / lengthscales[k]!;
  }
}

function varianceFloor({ hyperparameters, standardization }: GaussianProcess): number {
  return VARIANCE_FLOOR * hyperparameters.outputscale * standardization.stddev ** 2;
}
