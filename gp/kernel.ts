export type KernelName = 'matern52' | 'rbf';

/** A stationary kernel with k(0) = 1, as a function of the squared scaled distance r². */
export interface Kernel {
  readonly name: KernelName;
  value(squaredDistance: number): number;
  /** dk/d(r²), finite at 0; `value` is k there, already computed by every caller. */
  derivative(squaredDistance: number, value: number): number;
}

/**
 * Inputs divided by their lengthscales, Z_ik = X_ik/ℓ_k: with them ARD is plain Euclidean distance.
 *
 * `X` n×d row-major, `lengthscales` length d, `out` n×d.
 */
export function scaleInputs(
  X: Float64Array,
  lengthscales: ArrayLike<number>,
  out: Float64Array = new Float64Array(X.length),
): Float64Array {
  const d = lengthscales.length;
  for (let i = 0; i < X.length; i += d) {
    for (let k = 0; k < d; k++) out[i + k] = X[i + k]! / lengthscales[k]!;
  }
  return out;
}

/** r² = Σ_k (A_ik − B_jk)², A and B scaled; `i` and `j` are the rows' offsets. */
export function squaredDistance(A: Float64Array, i: number, B: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = A[i + k]! - B[j + k]!;
    sum += difference * difference;
  }
  return sum;
}

/** The covariance of two values of a process, s·k(r²) + τ², as far as it is not the kernel's. */
export interface Amplitude {
  /** s, variance of the latent function around its mean. */
  readonly outputscale: number;
  /** τ², variance of the constant mean, which all values share. */
  readonly meanVariance: number;
}

/** A process that varies around a given mean as its kernel says. */
export const UNIT_AMPLITUDE: Amplitude = { outputscale: 1, meanVariance: 0 };

/**
 * Covariance among the rows of Z, K_ij = s·k(r²_ij) + τ².
 *
 * `Z` n×d scaled inputs; `out` n×n, of which the lower triangle is written.
 */
export function gram(
  kernel: Kernel,
  Z: Float64Array,
  d: number,
  { outputscale, meanVariance }: Amplitude,
  out: Float64Array = new Float64Array((Z.length / d) ** 2),
): Float64Array {
  const n = Z.length / d;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      out[i * n + j] = outputscale * kernel.value(squaredDistance(Z, i * d, Z, j * d, d)) + meanVariance;
    }
    out[i * n + i] = outputscale + meanVariance;
  }
  return out;
}

/**
 * Covariance between the rows of A and of B, K_ij = s·k(r²_ij) + τ².
 *
 * `A` m×d and `B` n×d scaled inputs; `out` m×n.
 */
export function crossGram(
  kernel: Kernel,
  A: Float64Array,
  B: Float64Array,
  d: number,
  { outputscale, meanVariance }: Amplitude,
  out: Float64Array = new Float64Array((A.length / d) * (B.length / d)),
): Float64Array {
  let entry = 0;
  for (let i = 0; i < A.length; i += d) {
    for (let j = 0; j < B.length; j += d) {
      out[entry++] = outputscale * kernel.value(squaredDistance(A, i, B, j, d)) + meanVariance;
    }
  }
  return out;
}
