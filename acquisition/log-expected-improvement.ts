import { logH, logHDerivative, logNormalPdf } from '../math/normal.ts';

/**
 * The logarithm of the expected improvement of a normal outcome over the incumbent, outcomes being maximised.
 *
 * LogEI = log h(u) + log s, u = (mean − best)/s, s = √variance, h(u) = φ(u) + uΦ(u)
 *
 * `mean`, `best` in the outcome's unit, `variance` in its square. Writes ∂/∂mean and ∂/∂variance into `gradient`.
 *
 * Throws RangeError on a variance that is not positive.
 *
 * Source: Ament et al. 2023, arXiv:2310.20708.
 */
export function logExpectedImprovement(
  mean: number,
  variance: number,
  best: number,
  gradient: Float64Array,
): number {
  if (!(variance > 0)) throw new RangeError(`the variance must be positive, got ${variance}`);
  const stddev = Math.sqrt(variance);
  const u = (mean - best) / stddev;
  const slope = logHDerivative(u);
  gradient[0] = slope / stddev;
  const logImprovement = logH(u);
  // 1 − u·h'/h equals φ/h; each form is used where it does not cancel.
  const pdfShare = u > 0 ? Math.exp(logNormalPdf(u) - logImprovement) : 1 - u * slope;
  gradient[1] = pdfShare / (2 * variance);
  return logImprovement + Math.log(stddev);
}
