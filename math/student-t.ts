/**
 * Distribution function of Student's t with ν degrees of freedom, ν = 1, 2, …
 *
 * F(t) = ½ + A/2, θ = atan(t/√ν): for even ν A = sin θ·(1 + ½cos²θ + (1·3)/(2·4)·cos⁴θ + … to cos^{ν−2}θ), for odd ν
 * A = 2/π·(θ + sin θ·(cos θ + 2/3·cos³θ + … to cos^{ν−2}θ)). O(ν).
 *
 * Throws RangeError unless ν is a whole number from 1.
 * Source: Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
 */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  if (!(Number.isInteger(degreesOfFreedom) && degreesOfFreedom >= 1)) {
    throw new RangeError(`${degreesOfFreedom} degrees of freedom`);
  }
  const odd = degreesOfFreedom % 2;
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const cosine = Math.cos(angle);
  let term = odd === 1 ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let power = odd + 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power;
    sum += term;
  }
  const inner = odd === 1 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return 0.5 + inner / 2;
}
