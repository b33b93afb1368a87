/**
 * Adds to the gradients in the scaled input z what the n observations contribute to mean and variance there.
 *
 * Σ_i alpha_i·slopes_i·(z − Z_i) and Σ_i solved_i·slopes_i·(z − Z_i), slopes_i = s·k′(r²) of observation i; no allocation.
 *
 * `alpha`, `solved` = K⁻¹k*, `slopes` length n; `z` length d, `Z` n×d; the gradients length d.
 */
export function addMomentSlopes(
  alpha: Float64Array,
  solved: Float64Array,
  slopes: Float64Array,
  z: Float64Array,
  Z: Float64Array,
  meanGradient: Float64Array,
  varianceGradient: Float64Array,
): void {
  const d = z.length;
  for (let i = 0; i < alpha.length; i++) {
    const inMean = alpha[i]! * slopes[i]!;
    const inVariance = solved[i]! * slopes[i]!;
    for (let k = 0; k < d; k++) {
      const difference = z[k]! - Z[i * d + k]!;
      meanGradient[k]! += inMean * difference;
      varianceGradient[k]! += inVariance * difference;
    }
  }
}

/**
 * Takes both gradients from those sums to raw units: ∂mean/∂x_k = 2·stddev/ℓ_k times its sum, ∂variance/∂x_k =
 * −4·stddev²/ℓ_k times its sum, or 0 where the variance is at its floor.
 */
export function scaleMomentSlopes(
  stddev: number,
  lengthscales: ArrayLike<number>,
  isAtFloor: boolean,
  meanGradient: Float64Array,
  varianceGradient: Float64Array,
): void {
  const varianceFactor = isAtFloor ? 0 : -4 * stddev * stddev;
  for (let k = 0; k < meanGradient.length; k++) {
    meanGradient[k]! *= (2 * stddev) / lengthscales[k]!;
    varianceGradient[k]! *= varianceFactor / lengthscales[k]!;
  }
}
