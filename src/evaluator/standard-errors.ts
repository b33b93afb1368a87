/**
 * The standard error of a metric from the influence of each unit, to first order that of the Poisson bootstrap by unit.
 *
 * SE = √Σ_u ψ_u²
 */
export function standardError(psi: Float64Array): number {
  let sum = 0;
  for (let u = 0; u < psi.length; u++) sum += psi[u]! * psi[u]!;
  return Math.sqrt(sum);
}

/** The paired standard error of a difference of two metrics of the same units: √Σ_u (ψ_u − ψ'_u)². Lengths alike. */
export function pairedStandardError(psi: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let u = 0; u < psi.length; u++) {
    const difference = psi[u]! - other[u]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** The covariance of two metrics of the same units: Σ_u ψ_u ψ'_u. Lengths alike. */
export function covariance(psi: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let u = 0; u < psi.length; u++) sum += psi[u]! * other[u]!;
  return sum;
}
