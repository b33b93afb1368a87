import type { Bounds, Objective } from '../../math/lbfgs.ts';
import { checkMultiTaskData, inferringTasks, standardizeTasks, type MultiTaskData } from './data.ts';
import {
  correlationChain,
  correlationFactor,
  correlationMatrix,
  correlationParameterCount,
} from './correlation-matrix.ts';
import { taskCovariance, type CoregionalizedHyperparameters } from './hyperparameters.ts';
import { coregionalizedGradient, differentiateCoregionalized } from './gradient.ts';
import {
  coregionalizedLikelihood,
  coregionalizedWorkspace,
  factorTaskCovariance,
  integratedMeansTerm,
  profiledTaskMeans,
} from './likelihood.ts';
import { logLkjDensity, taskScalePrior } from './prior.ts';
import type { KernelName } from '../kernel.ts';
import { kernelByName } from '../kernels/kernel-by-name.ts';
import { NOISELESS_VARIANCE } from '../noise.ts';
import {
  LENGTHSCALE_REACH,
  lengthscalePrior,
  logDensity,
  logDensitySlope,
  NOISE_CEILING,
  noisePrior,
} from '../priors.ts';

/** As the single-task outputscale, at most 10. */
const SCALE_CEILING = Math.sqrt(10);
/** tanh 5 = 0.9999: more cannot be told from 1 by a few thousand observations, and K stays well conditioned. */
const CORRELATION_REACH = 5;

/** The search for the hyperparameters of several tasks. */
export interface CoregionalizedProblem {
  /** Minus the log posterior over (log ℓ₁…ℓ_d, log s₁…s_T, θ of R, log noise of each task that infers one). */
  readonly objective: Objective;
  readonly bounds: Bounds;
  readonly layout: ParameterLayout;
  readonly describe: (theta: Float64Array) => CoregionalizedHyperparameters;
}

/** Where the parameters stand; `noiseTasks` are the tasks with an inferred noise, in order. */
export interface ParameterLayout {
  readonly dimension: number;
  readonly taskCount: number;
  readonly scales: number;
  readonly correlation: number;
  readonly noise: number;
  readonly noiseTasks: readonly number[];
  readonly size: number;
}

/**
 * log ∫ N(y | H·means, B∘k(X, X) + noise) d means + Σ log p(ℓ_k) + Σ log p(s_t) + log p(R) + Σ log p(noise_t).
 *
 * Densities over ℓ, s, R and the variances themselves, constants included. Throws RangeError on malformed data.
 */
export function coregionalizedProblem(
  data: MultiTaskData,
  kernel: KernelName,
  lkjShape: number,
): CoregionalizedProblem {
  checkMultiTaskData(data);
  const layout = parameterLayout(data);
  const { dimension: d, taskCount: T, noiseTasks, size } = layout;
  const { y, noise: given } = standardizeTasks(data);
  const workspace = coregionalizedWorkspace(kernelByName[kernel], d, T, data.X, data.task, y);
  const inLikelihood = coregionalizedGradient(workspace);
  const lengthscales = new Float64Array(d);
  const scales = new Float64Array(T);
  const noise = given.slice();
  const L = new Float64Array(T * T);
  const R = new Float64Array(T * T);
  const B = new Float64Array(T * T);
  const inR = new Float64Array(T * T);
  const inTheta = new Float64Array(correlationParameterCount(T));
  const inPrior = new Float64Array(inTheta.length);
  const ofLengthscale = lengthscalePrior(d);
  let jitter = 0;
  let means: Float64Array = new Float64Array(T);

  const objective: Objective = (theta, gradient) => {
    const angles = theta.subarray(layout.correlation, layout.noise);
    for (let k = 0; k < d; k++) lengthscales[k] = Math.exp(theta[k]!);
    for (let t = 0; t < T; t++) scales[t] = Math.exp(theta[layout.scales + t]!);
    noiseTasks.forEach((t, k) => {
      const inferred = Math.exp(theta[layout.noise + k]!);
      for (let i = 0; i < noise.length; i++) if (isInferred(i, t)) noise[i] = inferred;
    });
    correlationFactor(angles, T, L);
    correlationMatrix(L, T, R);
    taskCovariance(scales, R, B);
    jitter = factorTaskCovariance(workspace, lengthscales, B, noise);
    means = profiledTaskMeans(workspace);
    let logPosterior = coregionalizedLikelihood(workspace, means) + integratedMeansTerm(workspace);
    differentiateCoregionalized(workspace, 'integrated', inLikelihood);
    logPosterior += logLkjDensity(angles, T, lkjShape, inPrior);

    for (let k = 0; k < d; k++) {
      logPosterior += logDensity(ofLengthscale, theta[k]!);
      gradient[k] = -(inLikelihood.logLengthscales[k]! + logDensitySlope(ofLengthscale, theta[k]!));
    }
    const inB = inLikelihood.taskCovariance;
    for (let t = 0; t < T; t++) {
      let slope = 2 * inB[t * T + t]! * B[t * T + t]!;
      for (let u = 0; u < T; u++) {
        if (u === t) continue;
        const between = inB[u < t ? t * T + u : u * T + t]!;
        slope += between * B[t * T + u]!;
        inR[t * T + u] = between * scales[t]! * scales[u]!;
      }
      const at = layout.scales + t;
      logPosterior += logDensity(taskScalePrior, theta[at]!);
      gradient[at] = -(slope + logDensitySlope(taskScalePrior, theta[at]!));
    }
    correlationChain(angles, L, T, inR, inTheta);
    inTheta.forEach((slope, k) => (gradient[layout.correlation + k] = -(slope + inPrior[k]!)));
    noiseTasks.forEach((t, k) => {
      const at = layout.noise + k;
      let slope = 0;
      for (let i = 0; i < noise.length; i++) if (isInferred(i, t)) slope += inLikelihood.noise[i]!;
      logPosterior += logDensity(noisePrior, theta[at]!);
      gradient[at] = -(slope * Math.exp(theta[at]!) + logDensitySlope(noisePrior, theta[at]!));
    });
    return -logPosterior;
  };
  const isInferred = (i: number, t: number): boolean => data.task[i] === t && Number.isNaN(given[i]!);

  return {
    objective,
    bounds: parameterBounds(layout),
    layout,
    describe(theta) {
      const logPosterior = -objective(theta, new Float64Array(size));
      const noiseVariances = Array.from({ length: T }, () => NOISELESS_VARIANCE);
      noiseTasks.forEach((t, k) => (noiseVariances[t] = Math.exp(theta[layout.noise + k]!)));
      return {
        kernel,
        lengthscales: Array.from(lengthscales),
        scales: Array.from(scales),
        correlation: Array.from(R),
        noiseVariances,
        means: Array.from(means),
        logPosterior,
        jitter,
      };
    },
  };
}

function parameterLayout(data: MultiTaskData): ParameterLayout {
  const { dimension, taskCount } = data;
  const noiseTasks = inferringTasks(data).flatMap((infers, t) => (infers ? [t] : []));
  const correlation = dimension + taskCount;
  const noise = correlation + correlationParameterCount(taskCount);
  return {
    dimension,
    taskCount,
    scales: dimension,
    correlation,
    noise,
    noiseTasks,
    size: noise + noiseTasks.length,
  };
}

function parameterBounds({ dimension, scales, correlation, noise, size }: ParameterLayout): Bounds {
  const { location, scale, floor } = lengthscalePrior(dimension);
  const fill = (ell: number, s: number, theta: number, variance: number): Float64Array =>
    new Float64Array(size)
      .fill(ell, 0, scales)
      .fill(s, scales, correlation)
      .fill(theta, correlation, noise)
      .fill(variance, noise);
  return {
    lower: fill(
      Math.log(floor),
      Math.log(taskScalePrior.floor),
      -CORRELATION_REACH,
      Math.log(noisePrior.floor),
    ),
    upper: fill(
      location + LENGTHSCALE_REACH * scale,
      Math.log(SCALE_CEILING),
      CORRELATION_REACH,
      Math.log(NOISE_CEILING),
    ),
  };
}
