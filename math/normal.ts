import { erfcx } from './erfcx.ts';

export const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const LOG_SQRT_HALF_PI = 0.5 * Math.log(Math.PI / 2);
export const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);

/**
 * Above −1, φ and uΦ cancel to no less than a third of φ, so their sum loses under two bits; below, the
 * cancellation grows as u² and the difference is taken in log space.
 */
export const H_DIRECT_ABOVE = -1;

/** At −1e6, 1 − |u|Φ/φ ≈ u⁻² is down to 1e-12, and the first term left out of the tail, 3u⁻², to 3e-12 absolute. */
const H_TAIL_BELOW = -1e6;

/**
 * At −100 the relative error of 1 − |u|Φ/φ reaches u²ε = 2e-12, while the seventh term of its asymptotic
 * series is below 1e-18: the derivative changes over here.
 */
export const H_SLOPE_SERIES_BELOW = -100;

/** log φ(u) = −u²/2 − ½ log 2π. */
export function logNormalPdf(u: number): number {
  return -0.5 * u * u - LOG_SQRT_TWO_PI;
}

/** φ(u) = exp(−u²/2)/√(2π). */
function normalPdf(u: number): number {
  return Math.exp(logNormalPdf(u));
}

/** Φ(u) = ½ erfc(−u/√2), accurate relative to Φ in the lower tail until it underflows. */
export function normalCdf(u: number): number {
  return u > 0 ? 1 - upperTail(u) : upperTail(-u);
}

/**
 * The logarithm of the normal distribution function.
 *
 * log Φ(u) = −u²/2 + log(½ erfcx(−u/√2)) for u ≤ 0, log1p(−½ erfc(u/√2)) above
 *
 * Zero is the threshold because below it both terms are negative and cannot cancel, and above it Φ is near 1.
 */
export function logNormalCdf(u: number): number {
  if (u > 0) return Math.log1p(-upperTail(u));
  return -0.5 * u * u + Math.log(0.5 * erfcx(-u * Math.SQRT1_2));
}

/** d log Φ/du = φ/Φ = √(2/π)/erfcx(−u/√2) for u ≤ 0, a ratio in which the exponentials have cancelled. */
export function logNormalCdfDerivative(u: number): number {
  if (u > 0) return normalPdf(u) / normalCdf(u);
  return 1 / (SQRT_HALF_PI * erfcx(-u * Math.SQRT1_2));
}

/**
 * log(1 − eˣ) for x ≤ 0.
 *
 * Above −log 2 the difference 1 − eˣ is small and `expm1` keeps it; below, eˣ is small and `log1p` keeps it.
 *
 * Source: Mächler 2012, "Accurately computing log(1 − exp(−|a|))".
 */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/**
 * The logarithm of the expected improvement of a standard normal.
 *
 * log h(u), h(u) = φ(u) + uΦ(u)
 *
 * Three branches: the sum itself for u > −1; log φ(u) + log1mexp(log(|u|·erfcx(−u/√2)) + ½ log(π/2)) for
 * −1e6 < u ≤ −1; log φ(u) − 2 log|u| below.
 *
 * Source: Ament et al. 2023, arXiv:2310.20708, equation 9.
 */
export function logH(u: number): number {
  if (u > H_DIRECT_ABOVE) return Math.log(normalPdf(u) + u * normalCdf(u));
  if (u > H_TAIL_BELOW) {
    const logRatio = Math.log(-u * erfcx(-u * Math.SQRT1_2)) + LOG_SQRT_HALF_PI;
    return logNormalPdf(u) + log1mexp(logRatio);
  }
  return logNormalPdf(u) - 2 * Math.log(-u);
}

/**
 * The derivative of `logH`.
 *
 * d log h/du = Φ/h = m/(1 − |u|m) with m = Φ/φ for u ≤ −1; below −100 the quotient of the asymptotic series of both.
 *
 * Finite for every finite u: −u − 2/u to first order as u → −∞, 1/u as u → ∞.
 */
export function logHDerivative(u: number): number {
  if (u > H_DIRECT_ABOVE) {
    const cdf = normalCdf(u);
    return cdf / (normalPdf(u) + u * cdf);
  }
  if (u > H_SLOPE_SERIES_BELOW) {
    const cdfToPdf = SQRT_HALF_PI * erfcx(-u * Math.SQRT1_2);
    return cdfToPdf / (1 + u * cdfToPdf);
  }
  const s = 1 / (u * u);
  const scaledCdf = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))));
  const scaledH = 1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s)));
  return (-u * scaledCdf) / scaledH;
}

/** 1 − Φ(u) for u ≥ 0. */
function upperTail(u: number): number {
  return 0.5 * Math.exp(-0.5 * u * u) * erfcx(u * Math.SQRT1_2);
}
