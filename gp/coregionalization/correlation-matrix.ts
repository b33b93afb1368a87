import { cholesky } from '../../math/cholesky.ts';

/** The number of free parameters of a T×T correlation matrix, T(T − 1)/2. */
export function correlationParameterCount(taskCount: number): number {
  return (taskCount * (taskCount - 1)) / 2;
}

/**
 * The Cholesky factor of the correlation matrix with the given unconstrained parameters.
 *
 * z_ij = tanh θ_ij, L_ij = z_ij·Π_{k<j} √(1 − z_ik²) for j < i, L_ii = Π_{k<i} √(1 − z_ik²); for T = 2, R₂₁ = tanh θ.
 * `theta` T(T − 1)/2, the rows of the strict lower triangle; `out` T×T row-major, zero above the diagonal.
 * Source: Lewandowski, Kurowicka & Joe 2009 (canonical partial correlations), J. Multivariate Analysis 100:1989.
 */
export function correlationFactor(theta: Float64Array, taskCount: number, out: Float64Array): void {
  out.fill(0);
  let entry = 0;
  for (let i = 0; i < taskCount; i++) {
    let rest = 1;
    for (let j = 0; j < i; j++, entry++) {
      out[i * taskCount + j] = Math.tanh(theta[entry]!) * rest;
      // √(1 − tanh²) = sech, without the cancellation.
      rest /= Math.cosh(theta[entry]!);
    }
    out[i * taskCount + i] = rest;
  }
}

/** R = LLᵀ with exact ones on the diagonal; `L` lower with rows of length 1, `out` T×T. */
export function correlationMatrix(L: Float64Array, taskCount: number, out: Float64Array): void {
  for (let i = 0; i < taskCount; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += L[i * taskCount + k]! * L[j * taskCount + k]!;
      out[i * taskCount + j] = sum;
      out[j * taskCount + i] = sum;
    }
    out[i * taskCount + i] = 1;
  }
}

/**
 * Takes a gradient in R to the unconstrained parameters.
 *
 * ∂F/∂L_ik = Σ_{j≠i} G_ij L_jk; ∂L_ij/∂θ_ij = (1 − z_ij²)·Π_{k<j} √(1 − z_ik²); ∂L_ij/∂θ_ik = −z_ik·L_ij for k < j ≤ i.
 * `inCorrelation` T×T, symmetric, G_ij = ∂F/∂R_ij where R_ij and R_ji move together; `L` of the same `theta`; `out`
 * T(T − 1)/2.
 */
export function correlationChain(
  theta: Float64Array,
  L: Float64Array,
  taskCount: number,
  inCorrelation: Float64Array,
  out: Float64Array,
): void {
  const T = taskCount;
  let row = 0;
  for (let i = 0; i < T; row += i++) {
    // From the last column back: `later` is Σ_{j>k} ∂F/∂L_ij·L_ij.
    let later = inFactor(L, T, inCorrelation, i, i) * L[i * T + i]!;
    for (let k = i - 1; k >= 0; k--) {
      const angle = theta[row + k]!;
      const slope = inFactor(L, T, inCorrelation, i, k);
      let rest = 1;
      for (let j = 0; j < k; j++) rest /= Math.cosh(theta[row + j]!);
      out[row + k] = (slope * rest) / Math.cosh(angle) ** 2 - Math.tanh(angle) * later;
      later += slope * L[i * T + k]!;
    }
  }
}

/**
 * The unconstrained parameters of a correlation matrix, the inverse of `correlationFactor`.
 *
 * `R` T×T. Throws NotPositiveDefiniteError where it is far from one.
 */
export function correlationParameters(R: ArrayLike<number>, taskCount: number): Float64Array {
  const { factor } = cholesky(Float64Array.from(R), taskCount);
  const theta = new Float64Array(correlationParameterCount(taskCount));
  let entry = 0;
  for (let i = 0; i < taskCount; i++) {
    let rest = 1;
    for (let j = 0; j < i; j++, entry++) {
      theta[entry] = Math.atanh(factor[i * taskCount + j]! / rest);
      rest /= Math.cosh(theta[entry]!);
    }
  }
  return theta;
}

function inFactor(L: Float64Array, T: number, inCorrelation: Float64Array, i: number, k: number): number {
  let sum = 0;
  for (let j = 0; j < T; j++) if (j !== i) sum += inCorrelation[i * T + j]! * L[j * T + k]!;
  return sum;
}
