import type { LogNormalPrior } from '../priors.ts';

/**
 * Shape η of the LKJ prior: 2 puts 95 % of a pair's correlation within ±0.81 and none at ±1, where an unregularised fit
 * of a few arms ends.
 */
export const DEFAULT_LKJ_SHAPE = 2;

/**
 * Prior of a task's latent standard deviation, standardised: the outputs have variance 1, noise included, so it is about
 * 1; two prior standard deviations reach from 0.37 to 2.7. The floor is that of the single-task outputscale, 0.1².
 */
export const taskScalePrior: LogNormalPrior = { location: 0, scale: 0.5, floor: 0.1 };

/** Where Stirling's series is used: its first term left out is below 1e-15 from 10 on. */
const STIRLING_FROM = 10;

/**
 * Log density of the LKJ prior over correlation matrices, (η − 1) log|R| − log c.
 *
 * log|R| = −2 Σ log cosh θ_ij; c = 2^{Σ_k (2η − 2 + T − k)(T − k)} Π_k B(η_k, η_k)^{T − k}, η_k = η + (T − k − 1)/2, k = 1 …
 * T − 1. For two tasks p(ρ) = (1 − ρ²)^{η−1}/(2^{2η−1} B(η, η)). A density over R itself, without a Jacobian.
 * `theta` T(T − 1)/2 unconstrained parameters; writes ∂/∂θ into `gradient`.
 * Throws RangeError when η is not positive.
 * Source: Lewandowski, Kurowicka & Joe 2009, eq. 16.
 */
export function logLkjDensity(
  theta: Float64Array,
  taskCount: number,
  shape: number,
  gradient: Float64Array,
): number {
  let logDeterminant = 0;
  for (let k = 0; k < theta.length; k++) {
    const size = Math.abs(theta[k]!);
    logDeterminant -= 2 * (size + Math.log1p(Math.exp(-2 * size)) - Math.LN2);
    gradient[k] = -2 * (shape - 1) * Math.tanh(theta[k]!);
  }
  return (shape - 1) * logDeterminant - logLkjConstant(taskCount, shape);
}

/** log c, the logarithm of ∫ |R|^{η−1} dR over T×T correlation matrices. */
export function logLkjConstant(taskCount: number, shape: number): number {
  if (!(shape > 0 && shape < Infinity)) throw new RangeError(`LKJ shape ${shape} is not positive`);
  let sum = 0;
  for (let k = 1; k < taskCount; k++) {
    const rest = taskCount - k;
    const a = shape + (rest - 1) / 2;
    const logBeta = 2 * logGamma(a) - logGamma(2 * a);
    sum += rest * ((2 * shape - 2 + rest) * Math.LN2 + logBeta);
  }
  return sum;
}

/** log Γ(x), x > 0: Stirling's series at x + m ≥ 10, less log x(x + 1)…(x + m − 1). */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < STIRLING_FROM; z++) shift += Math.log(z);
  const w = 1 / (z * z);
  const series =
    (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
