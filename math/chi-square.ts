import { erfcx } from './erfcx.ts';

/**
 * Survival function of the χ² distribution with ν degrees of freedom, ν = 1, 2, …: P(X > x).
 *
 * With h = x/2, for even ν Q = e^{−h} Σ_{j=0}^{ν/2−1} h^j/j!, for odd ν Q = erfc(√h) + e^{−h} Σ_{j=1}^{(ν−1)/2} h^{j−½}/Γ(j+½).
 * All terms are positive and summed from their logarithms, so a tiny p keeps its digits until it underflows. O(ν).
 *
 * Throws RangeError unless x ≥ 0 and ν is a whole number from 1.
 * Source: Abramowitz & Stegun 1964, 26.4.4 and 26.4.5.
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  if (!(x >= 0)) throw new RangeError(`chi-square of ${x}`);
  if (!(Number.isInteger(degreesOfFreedom) && degreesOfFreedom >= 1)) {
    throw new RangeError(`${degreesOfFreedom} degrees of freedom`);
  }
  const h = x / 2;
  if (h === 0) return 1;
  if (h === Infinity) return 0;
  const odd = degreesOfFreedom % 2 === 1;
  const terms = degreesOfFreedom >> 1;
  let sum = odd ? erfcx(Math.sqrt(h)) * Math.exp(-h) : 0;
  // Γ(3/2) = √π/2
  let logTerm = odd ? 0.5 * Math.log(h) - 0.5 * Math.log(Math.PI) + Math.LN2 - h : -h;
  for (let j = odd ? 1.5 : 1, term = 0; term < terms; j++, term++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(h / j);
  }
  return Math.min(1, sum);
}
