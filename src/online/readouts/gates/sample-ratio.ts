import { chiSquareSurvival } from '../../../../math/chi-square.ts';
import type { Finding, PlannedArms } from './finding.ts';

/** Below, chance is no explanation: one sound experiment in a thousand. */
export const LEAST_P = 0.001;

/** Of counts that are far off p is 0 as a floating-point number. */
const SMALLEST_SHOWN_P = 1e-300;

/** The χ² approximation wants so many expected in every group (Cochran 1954). */
const LEAST_EXPECTED = 5;

export interface SampleRatio {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** How often chance alone would split the units as unevenly. */
  readonly p: number;
}

/**
 * Whether units were split as planned: Pearson's χ² of counts against shares.
 *
 * χ² = Σ_i (n_i − N s_i)²/(N s_i), with one degree of freedom fewer than groups
 *
 * `shares` need not add up to 1. Throws RangeError unless both have the same length of at least two, all shares are positive
 * and some unit was counted.
 * Source: Fabijan et al. 2019, KDD (doi 10.1145/3292500.3330722).
 */
export function sampleRatio(counts: readonly number[], shares: readonly number[]): SampleRatio {
  if (counts.length !== shares.length || counts.length < 2) {
    throw new RangeError(`${counts.length} counts, but ${shares.length} shares`);
  }
  const units = counts.reduce((sum, count) => sum + count, 0);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!(units > 0)) throw new RangeError(`${units} units`);
  let statistic = 0;
  counts.forEach((count, i) => {
    if (!(shares[i]! > 0)) throw new RangeError(`share ${shares[i]}`);
    const expected = (units * shares[i]!) / total;
    statistic += (count - expected) ** 2 / expected;
  });
  const degreesOfFreedom = counts.length - 1;
  return { statistic, degreesOfFreedom, p: chiSquareSurvival(statistic, degreesOfFreedom) };
}

/** Refuses counts that chance does not explain; warns where they are too few to tell. Arms without a count are another gate's. */
export function sampleRatioFindings(
  units: Readonly<Record<string, number>>,
  { shares }: PlannedArms,
): readonly Finding[] {
  const arms = Object.keys(shares).filter((arm) => Object.hasOwn(units, arm));
  const counts = arms.map((arm) => units[arm]!);
  const planned = arms.map((arm) => shares[arm]!);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = planned.reduce((sum, share) => sum + share, 0);
  if (arms.length < 2) return [];
  if (planned.some((share) => (total * share) / whole < LEAST_EXPECTED)) {
    const message = `${total} units are too few to check how they were split: expected ${LEAST_EXPECTED} or more in every arm`;
    return [{ gate: 'sample_ratio', severity: 'warn', metric: null, arm: null, message }];
  }
  const { p } = sampleRatio(counts, planned);
  if (p >= LEAST_P) return [];
  const found = arms.map(
    (arm, i) => `${arm} ${counts[i]} (planned ${Math.round((total * planned[i]!) / whole)})`,
  );
  const shown = p < SMALLEST_SHOWN_P ? `< ${SMALLEST_SHOWN_P}` : `= ${p.toPrecision(2)}`;
  const message = `units were not split as planned, p ${shown}: ${found.join(', ')}; expected p of at least ${LEAST_P}`;
  return [{ gate: 'sample_ratio', severity: 'refuse', metric: null, arm: null, message }];
}
