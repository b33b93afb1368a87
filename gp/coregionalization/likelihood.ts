import { cholesky, choleskyInto } from '../../math/cholesky.ts';
import { dot, logDeterminant, solveLower, solveUpper } from '../../math/triangular.ts';
import { scaleInputs, squaredDistance, type Kernel } from '../kernel.ts';

/** The buffers that one multi-task data set's likelihood is evaluated in; made once per fit. */
export interface CoregionalizedWorkspace {
  readonly kernel: Kernel;
  readonly size: number;
  readonly dimension: number;
  readonly taskCount: number;
  readonly X: Float64Array;
  readonly y: Float64Array;
  readonly task: Int32Array;
  readonly scaled: Float64Array;
  /** k of each pair, without B, and B·dk/d(r²). */
  readonly similarity: Float64Array;
  readonly slope: Float64Array;
  readonly K: Float64Array;
  readonly factor: Float64Array;
  readonly inverse: Float64Array;
  readonly scratch: Float64Array;
  /** L⁻¹ of each task's indicator, T×n, and of the outputs. */
  readonly whitenedIndicators: Float64Array;
  readonly whitenedOutputs: Float64Array;
  readonly alpha: Float64Array;
  /** The rows of M⁻¹HᵀK⁻¹, HᵀK⁻¹H = MMᵀ, T×n: what integrating out the means adds to the gradient. */
  readonly projections: Float64Array;
}

/** `X` n×d row-major, `task` and `y` length n, on the scale of the hyperparameters that will be tried. */
export function coregionalizedWorkspace(
  kernel: Kernel,
  dimension: number,
  taskCount: number,
  X: Float64Array,
  task: Int32Array,
  y: Float64Array,
): CoregionalizedWorkspace {
  const n = y.length;
  const matrix = (): Float64Array => new Float64Array(n * n);
  return {
    kernel,
    size: n,
    dimension,
    taskCount,
    X,
    y,
    task,
    scaled: new Float64Array(X.length),
    similarity: matrix(),
    slope: matrix(),
    K: matrix(),
    factor: matrix(),
    inverse: matrix(),
    scratch: matrix(),
    whitenedIndicators: new Float64Array(taskCount * n),
    whitenedOutputs: new Float64Array(n),
    alpha: new Float64Array(n),
    projections: new Float64Array(taskCount * n),
  };
}

/**
 * Factors K_ij = B_{t_i t_j}·k(x_i, x_j) + noise_i·[i = j] (+ jitter) = LLᵀ, and whitens; returns the jitter.
 *
 * `B` T×T, `noise` n variances. Throws NotPositiveDefiniteError.
 * Source: Bonilla, Chai & Williams 2007, Multi-task Gaussian process prediction, eq. 2.
 */
export function factorTaskCovariance(
  w: CoregionalizedWorkspace,
  lengthscales: ArrayLike<number>,
  B: Float64Array,
  noise: Float64Array,
): number {
  const { kernel, size: n, dimension: d, taskCount: T, task, scaled, similarity, slope, K, factor } = w;
  scaleInputs(w.X, lengthscales, scaled);
  for (let i = 0; i < n; i++) {
    const row = task[i]! * T;
    for (let j = 0; j < i; j++) {
      const r2 = squaredDistance(scaled, i * d, scaled, j * d, d);
      const value = kernel.value(r2);
      const between = B[row + task[j]!]!;
      similarity[i * n + j] = value;
      K[i * n + j] = between * value;
      slope[i * n + j] = between * kernel.derivative(r2, value);
    }
    K[i * n + i] = B[row + task[i]!]! + noise[i]!;
  }
  const jitter = choleskyInto(K, n, factor);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < n; i++) w.whitenedIndicators[t * n + i] = task[i] === t ? 1 : 0;
    solveLower(factor, n, w.whitenedIndicators, t * n);
  }
  w.whitenedOutputs.set(w.y);
  solveLower(factor, n, w.whitenedOutputs);
  return jitter;
}

/**
 * The constant means of the tasks that maximise the likelihood at the factored covariance, (HᵀK⁻¹H)⁻¹HᵀK⁻¹y, H the n×T
 * indicators (generalised least squares): under a flat prior also their posterior means.
 */
export function profiledTaskMeans(w: CoregionalizedWorkspace): Float64Array {
  const { size: n, taskCount: T, whitenedIndicators: H, whitenedOutputs } = w;
  const means = Float64Array.from({ length: T }, (_, t) => dot(H, t * n, whitenedOutputs, 0, n));
  const M = precisionFactor(w);
  solveLower(M, T, means);
  solveUpper(M, T, means);
  return means;
}

/**
 * What integrating the means out under a flat prior adds to the log marginal likelihood at the profiled means,
 * −½ log|HᵀK⁻¹H| + (T/2) log 2π; leaves the projections in the workspace.
 *
 * Without it a handful of arms looks the more likely the nearer ρ is to ±1, whatever they say: with one observation a task,
 * profiled means leave −½ log|K|, which has no data in it. Source: Rasmussen & Williams 2006, eq. 2.45 (restricted
 * likelihood).
 */
export function integratedMeansTerm(w: CoregionalizedWorkspace): number {
  const { size: n, taskCount: T, factor, whitenedIndicators: H, projections } = w;
  const M = precisionFactor(w);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < n; i++) {
      let sum = H[t * n + i]!;
      for (let u = 0; u < t; u++) sum -= M[t * T + u]! * projections[u * n + i]!;
      projections[t * n + i] = sum / M[t * T + t]!;
    }
  }
  for (let t = 0; t < T; t++) solveUpper(factor, n, projections, t * n);
  return -0.5 * (logDeterminant(M, T) - T * Math.log(2 * Math.PI));
}

/** M of HᵀK⁻¹H = MMᵀ, T×T. */
function precisionFactor({
  size: n,
  taskCount: T,
  whitenedIndicators: H,
}: CoregionalizedWorkspace): Float64Array {
  const precision = new Float64Array(T * T);
  for (let t = 0; t < T; t++) {
    for (let u = 0; u <= t; u++) precision[t * T + u] = dot(H, t * n, H, u * n, n);
  }
  return cholesky(precision, T).factor;
}

/**
 * Log marginal likelihood at the factored covariance, −½rᵀK⁻¹r − ½ log|K| − (n/2) log 2π, r_i = y_i − mean_{t_i}; leaves
 * alpha = K⁻¹r in the workspace. `means` length T.
 *
 * Source: Rasmussen & Williams 2006, eq. 2.30.
 */
export function coregionalizedLikelihood(w: CoregionalizedWorkspace, means: ArrayLike<number>): number {
  const { size: n, taskCount: T, factor, alpha, whitenedIndicators: H } = w;
  alpha.set(w.whitenedOutputs);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < n; i++) alpha[i]! -= means[t]! * H[t * n + i]!;
  }
  const quadratic = dot(alpha, 0, alpha, 0, n);
  solveUpper(factor, n, alpha);
  return -0.5 * (quadratic + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
}
