import { cholesky, type Cholesky } from '../../math/cholesky.ts';
import { solveLower, solveUpper } from '../../math/triangular.ts';
import { checkMultiTaskData, standardizeTasks, type MultiTaskData } from './data.ts';
import { taskCovariance, type CoregionalizedHyperparameters } from './hyperparameters.ts';
import { gram, scaleInputs, type Kernel, UNIT_AMPLITUDE } from '../kernel.ts';
import { kernelByName } from '../kernels/kernel-by-name.ts';
import type { Standardization } from '../standardize.ts';

/** Gaussian processes of several tasks conditioned on n observations in all, at fixed hyperparameters. */
export interface CoregionalizedProcess {
  readonly size: number;
  readonly dimension: number;
  readonly taskCount: number;
  readonly kernel: Kernel;
  readonly hyperparameters: CoregionalizedHyperparameters;
  /** Of each task. */
  readonly standardizations: readonly Standardization[];
  /** B, T×T, standardised. */
  readonly taskCovariance: Float64Array;
  /** Of each observation. */
  readonly task: Int32Array;
  /** Inputs divided by their lengthscales, n×d row-major. */
  readonly scaledInputs: Float64Array;
  /** Standardised outputs and noise variances, length n. */
  readonly outputs: Float64Array;
  readonly noise: Float64Array;
  /** Of K = B∘k(X, X) + diag(noise). */
  readonly cholesky: Cholesky;
  /** K⁻¹(y − means), standardised. */
  readonly alpha: Float64Array;
}

/**
 * The posterior process of all tasks, Cov[f_t(x), f_u(x′)] = B_tu·k(x, x′) a priori.
 *
 * Throws RangeError on malformed data or hyperparameters of another dimension or number of tasks,
 * NotPositiveDefiniteError.
 * Source: Bonilla, Chai & Williams 2007, Multi-task Gaussian process prediction (intrinsic coregionalisation).
 */
export function conditionCoregionalized(
  data: MultiTaskData,
  hyperparameters: CoregionalizedHyperparameters,
): CoregionalizedProcess {
  checkMultiTaskData(data);
  const { dimension, taskCount, task } = data;
  const { lengthscales, scales, correlation, noiseVariances, means } = hyperparameters;
  if (lengthscales.length !== dimension) {
    throw new RangeError(`${lengthscales.length} lengthscales for dimension ${dimension}`);
  }
  if (scales.length !== taskCount || correlation.length !== taskCount ** 2) {
    throw new RangeError(
      `${scales.length} scales, ${correlation.length} correlations for ${taskCount} tasks`,
    );
  }
  const size = data.y.length;
  const kernel = kernelByName[hyperparameters.kernel];
  const { y: outputs, noise: given, standardizations } = standardizeTasks(data);
  const noise = given.map((variance, i) => (Number.isNaN(variance) ? noiseVariances[task[i]!]! : variance));
  const B = taskCovariance(scales, correlation);
  const scaledInputs = scaleInputs(data.X, lengthscales);
  const K = gram(kernel, scaledInputs, dimension, UNIT_AMPLITUDE);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) K[i * size + j]! *= B[task[i]! * taskCount + task[j]!]!;
    K[i * size + i]! += noise[i]!;
  }
  const factor = cholesky(K, size);
  const alpha = outputs.map((y, i) => y - means[task[i]!]!);
  solveLower(factor.factor, size, alpha);
  solveUpper(factor.factor, size, alpha);
  return {
    size,
    dimension,
    taskCount,
    kernel,
    hyperparameters,
    standardizations,
    taskCovariance: B,
    task,
    scaledInputs,
    outputs,
    noise,
    cholesky: factor,
    alpha,
  };
}
