import { logNormalPdf, normalCdf } from '../../../math/normal.ts';
import { normalQuantile } from '../../../math/normal-quantile.ts';

/** Standard normals beyond 9 have a mass of 2e-19. */
const RANGE = 9;

/** The trapezoidal rule's error falls as exp(−2π²/step²) in units of the narrowest width: below 1e-18 here. */
const STEPS_PER_WIDTH = 1.5;

/** Halvings of a bracket that is less than 1 wide: to 1e-15. */
const HALVINGS = 50;

/**
 * The probability that K comparisons with one control, all without effect, stay within ±limit standard errors.
 *
 * P(max_i |Z_i| ≤ d) = ∫ φ(z) Π_i [Φ((d − λ_i z)/√(1 − λ_i²)) − Φ((−d − λ_i z)/√(1 − λ_i²))] dz, Corr(Z_i, Z_j) = λ_i λ_j
 *
 * `loadings` λ_i in [0, 1), of arms of n_i beside n_0 in the control √(n_i/(n_i + n_0)); ½ is their square where all are
 * alike. By the trapezoidal rule, to about 1e-14.
 *
 * Throws RangeError on a limit below 0 or a loading outside [0, 1).
 * Source: Dunnett 1955, JASA 50:1096–1121, with known variance.
 */
export function dunnettProbability(limit: number, loadings: readonly number[]): number {
  if (!(limit >= 0)) throw new RangeError(`limit ${limit}`);
  const wrong = loadings.find((loading) => !(loading >= 0 && loading < 1));
  if (wrong !== undefined) throw new RangeError(`loading ${wrong}`);
  const residuals = loadings.map((loading) => Math.sqrt(1 - loading * loading));
  const steepness = loadings.reduce((sum, loading, i) => sum + (loading / residuals[i]!) ** 2, 0);
  const step = 1 / (STEPS_PER_WIDTH * Math.sqrt(1 + steepness));
  let sum = 0;
  for (let z = -RANGE; z <= RANGE; z += step) {
    let inside = Math.exp(logNormalPdf(z));
    for (let i = 0; i < loadings.length; i++) {
      const shift = loadings[i]! * z;
      const residual = residuals[i]!;
      inside *= normalCdf((limit - shift) / residual) - normalCdf((-limit - shift) / residual);
    }
    sum += inside;
  }
  return Math.min(1, sum * step);
}

/**
 * Dunnett's critical value: the limit within which all comparisons stay with probability 1 − α when nothing has an effect.
 *
 * Between Φ⁻¹(1 − α/2), of one comparison, and Bonferroni's Φ⁻¹(1 − α/(2K)).
 *
 * Throws RangeError unless 0 < α < 1 and there is a comparison.
 */
export function dunnettCriticalValue(alpha: number, loadings: readonly number[]): number {
  const { length: comparisons } = loadings;
  if (comparisons === 0) throw new RangeError('0 comparisons');
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha}`);
  let below = -normalQuantile(alpha / 2);
  let above = -normalQuantile(alpha / (2 * comparisons));
  if (comparisons === 1) return below;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (below + above) / 2;
    if (dunnettProbability(middle, loadings) < 1 - alpha) below = middle;
    else above = middle;
  }
  return above;
}
