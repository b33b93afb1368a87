/** The map below contracts by 1/(1 + τ), at most a half: to less than 1e-16. */
const ITERATIONS = 64;

/**
 * How many standard errors an interval is wide that holds at all looks together: the asymptotic confidence sequence of
 * Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, from Robbins' normal mixture.
 *
 * P(|estimate_t − truth| ≤ m_t·se_t at every t) → 1 − α,
 * m_t = √((1 + 1/τ)(log(1 + τ) + 2 log(1/α))), τ = tρ²
 *
 * The tuning parameter is ρ² = τ₀/t₀, t₀ the units of the planned end: there m is least, √(1 + τ₀), with τ₀ = log(1 + τ₀) +
 * 2 log(1/α). It has to be fixed before the first look, and holds beyond the planned end as well. For K arms at once α/K: the
 * union bound holds at all looks too. Differences and, by the delta method, lifts between groups whose shares do not change have
 * increments of the same kind, so t may be counted as the information that was gathered.
 *
 * `informationFraction` t/t₀: units so far by units planned. Throws RangeError unless it is positive and 0 < α < 1.
 * Source: arXiv:2103.06476, theorem 2.2 and equation for ρ in appendix B; Robbins 1970, Ann. Math. Stat. 41:1397–1409.
 */
export function sequentialMultiplier(alpha: number, informationFraction: number): number {
  if (!(informationFraction > 0 && Number.isFinite(informationFraction))) {
    throw new RangeError(`information fraction ${informationFraction}`);
  }
  const tau = informationFraction * tightestInformation(alpha);
  return Math.sqrt((1 + 1 / tau) * (Math.log1p(tau) - 2 * Math.log(alpha)));
}

/** τ₀ = log(1 + τ₀) + 2 log(1/α), where the sequence is narrowest in standard errors. */
function tightestInformation(alpha: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha}`);
  const start = -2 * Math.log(alpha);
  let tau = start;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) tau = start + Math.log1p(tau);
  return tau;
}
