import { dot, solveLower } from '../../math/triangular.ts';
import type { CoregionalizedProcess } from './coregionalization.ts';
import { checkTask } from './data.ts';
import { crossGram, gram, scaleInputs } from '../kernel.ts';
import { type JointPosterior, type ManyMoments, type Moments, VARIANCE_FLOOR } from '../posterior.ts';

/**
 * Posterior mean and variance of one task's latent function at one point.
 *
 * mean = m_t + k*ᵀα, variance = B_tt − k*ᵀK⁻¹k*, k*_i = B_{t t_i}·k(x, x_i). `x` length d in the unit cube; raw output
 * units of the task.
 * Throws RangeError on a wrong length or a task that there is not.
 */
export function predictTask(process: CoregionalizedProcess, task: number, x: Float64Array): Moments {
  if (x.length !== process.dimension) throw new RangeError(`${x.length} numbers are not one input`);
  const { mean, variance } = predictTaskMany(process, task, x);
  return { mean: mean[0]!, variance: variance[0]! };
}

/** `predictTask` at each row of `X`, m×d. */
export function predictTaskMany(process: CoregionalizedProcess, task: number, X: Float64Array): ManyMoments {
  const m = X.length / process.dimension;
  const tasks = new Int32Array(Math.ceil(m)).fill(task);
  const { size: n, cholesky, alpha, taskCovariance: B, taskCount: T, standardizations } = process;
  const covariances = covariancesWith(process, tasks, X);
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  const prior = B[task * T + task]!;
  const { stddev } = standardizations[task]!;
  for (let i = 0; i < m; i++) {
    mean[i] = rawMean(process, task, dot(covariances, i * n, alpha, 0, n));
    solveLower(cholesky.factor, n, covariances, i * n);
    const explained = dot(covariances, i * n, covariances, i * n, n);
    variance[i] = stddev * stddev * Math.max(VARIANCE_FLOOR * prior, prior - explained);
  }
  return { mean, variance };
}

/**
 * Joint posterior of the tasks' latent functions at m points, each of the task given for it.
 *
 * covariance = B∘k(X, X) − K*K⁻¹K*ᵀ. `tasks` length m, `X` m×d in the unit cube; each row and column in the raw output
 * units of its task.
 * Throws RangeError on lengths that disagree or a task that there is not.
 */
export function jointTaskPosterior(
  process: CoregionalizedProcess,
  tasks: ArrayLike<number>,
  X: Float64Array,
): JointPosterior {
  const { size: n, dimension, taskCount: T, taskCovariance: B, cholesky, standardizations } = process;
  const m = tasks.length;
  const V = covariancesWith(process, tasks, X);
  const Z = scaleInputs(X, process.hyperparameters.lengthscales);
  const covariance = gram(process.kernel, Z, dimension, 1);
  const mean = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const t = tasks[i]!;
    mean[i] = rawMean(process, t, dot(V, i * n, process.alpha, 0, n));
    solveLower(cholesky.factor, n, V, i * n);
    for (let j = 0; j <= i; j++) {
      const u = tasks[j]!;
      const prior = B[t * T + u]!;
      const latent = prior * covariance[i * m + j]! - dot(V, i * n, V, j * n, n);
      const clamped = i === j ? Math.max(VARIANCE_FLOOR * prior, latent) : latent;
      const raw = standardizations[t]!.stddev * standardizations[u]!.stddev * clamped;
      covariance[i * m + j] = raw;
      covariance[j * m + i] = raw;
    }
  }
  return { mean, covariance };
}

/** Prior covariances of the points with the observations, m×n, standardised. */
function covariancesWith(
  process: CoregionalizedProcess,
  tasks: ArrayLike<number>,
  X: Float64Array,
): Float64Array {
  const { size: n, dimension: d, taskCount: T, task, taskCovariance: B, hyperparameters } = process;
  const m = tasks.length;
  if (X.length !== m * d) throw new RangeError(`${X.length} numbers are not ${m} inputs of dimension ${d}`);
  const Z = scaleInputs(X, hyperparameters.lengthscales);
  const covariances = crossGram(process.kernel, Z, process.scaledInputs, d, 1);
  for (let i = 0; i < m; i++) {
    checkTask(tasks[i]!, T);
    for (let j = 0; j < n; j++) covariances[i * n + j]! *= B[tasks[i]! * T + task[j]!]!;
  }
  return covariances;
}

function rawMean(
  { standardizations, hyperparameters }: CoregionalizedProcess,
  t: number,
  explained: number,
): number {
  const { mean, stddev } = standardizations[t]!;
  return mean + stddev * (hyperparameters.means[t]! + explained);
}
