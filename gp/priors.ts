import { LOG_SQRT_TWO_PI } from '../math/normal.ts';

/** A log-normal density over a positive value, searched only above `floor`. */
export interface LogNormalPrior {
  /** Mean of the logarithm. */
  readonly location: number;
  /** Standard deviation of the logarithm. */
  readonly scale: number;
  readonly floor: number;
}

/** Lengthscales are searched up to so many prior standard deviations above the location. */
export const LENGTHSCALE_REACH = 4;

/** Inferred noise beyond ten times the variance of the outputs explains nothing. */
export const NOISE_CEILING = 10;

/**
 * Prior of one lengthscale in d dimensions, LogNormal(√2 + ½ log d, √3), at least 0.025.
 *
 * Source: Hvarfner, Hellsten & Nardi 2024, arXiv:2402.02229.
 */
export function lengthscalePrior(dimension: number): LogNormalPrior {
  return { location: Math.SQRT2 + 0.5 * Math.log(dimension), scale: Math.sqrt(3), floor: 0.025 };
}

/** Prior of the inferred noise variance, standardised: LogNormal(−4, 1), at least 1e-4 (BoTorch's default). */
export const noisePrior: LogNormalPrior = { location: -4, scale: 1, floor: 1e-4 };

/** The density's mode, e^{location − scale²}, or the floor above it. */
export function priorMode({ location, scale, floor }: LogNormalPrior): number {
  return Math.max(floor, Math.exp(location - scale * scale));
}

/**
 * Log density over the value v itself, −log v − log(scale·√2π) − ½((log v − location)/scale)².
 *
 * `logValue` is log v; the density has no Jacobian for it.
 */
export function logDensity({ location, scale }: LogNormalPrior, logValue: number): number {
  const standard = (logValue - location) / scale;
  return -logValue - Math.log(scale) - LOG_SQRT_TWO_PI - 0.5 * standard * standard;
}

/** Derivative of `logDensity` in log v, −1 − (log v − location)/scale². */
export function logDensitySlope({ location, scale }: LogNormalPrior, logValue: number): number {
  return -1 - (logValue - location) / (scale * scale);
}
