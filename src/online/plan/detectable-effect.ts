import { normalQuantile } from '../../../math/normal-quantile.ts';
import type { TrafficSplit } from './traffic-split.ts';

/** What is known of a metric before an experiment: its mean and standard deviation over units. */
export interface BaselineMetric {
  readonly mean: number;
  readonly stddev: number;
}

export interface DetectableEffect {
  /** In the metric's units. */
  readonly absolute: number;
  /** Of |mean|; null where the mean is 0. */
  readonly relative: number | null;
}

/**
 * The smallest effect that one arm shows with the given power.
 *
 * δ = (z + z_power)·σ·√(1/n_0 + 1/n_1), z the critical value, z_power = Φ⁻¹(power)
 *
 * The power is of each arm by itself, and leaves out the chance of an effect seen with the wrong sign.
 *
 * Throws RangeError unless the power is inside [½, 1) and the standard deviation positive.
 * Source: methods of sample size, for example van Belle 2008, Statistical Rules of Thumb, §2.
 */
export function detectableEffect(
  { mean, stddev }: BaselineMetric,
  { controlUnits, armUnits }: TrafficSplit,
  critical: number,
  power: number,
): DetectableEffect {
  checkMetric(stddev, power);
  const absolute = (critical + normalQuantile(power)) * stddev * Math.sqrt(1 / controlUnits + 1 / armUnits);
  return { absolute, relative: mean === 0 ? null : absolute / Math.abs(mean) };
}

/**
 * How many units in all show an effect of δ with the given power, in each of K arms.
 *
 * N = σ²(1/s_0 + K/(1 − s_0))(z + z_power)²/δ², s_0 the control's share, rounded up. With s_0 = 1/(1 + √K) each arm has
 * σ²(1 + 1/√K)(z + z_power)²/δ² of them.
 *
 * `effect` δ in the metric's units. Throws RangeError unless it and the share are positive, the latter below 1.
 */
export function requiredUnits(
  { stddev }: Pick<BaselineMetric, 'stddev'>,
  effect: number,
  arms: number,
  controlShare: number,
  critical: number,
  power: number,
): number {
  checkMetric(stddev, power);
  if (!(effect > 0)) throw new RangeError(`effect ${effect}`);
  if (!(controlShare > 0 && controlShare < 1)) throw new RangeError(`control share ${controlShare}`);
  const standardErrors = (critical + normalQuantile(power)) / effect;
  return Math.ceil(stddev ** 2 * (1 / controlShare + arms / (1 - controlShare)) * standardErrors ** 2);
}

function checkMetric(stddev: number, power: number): void {
  if (!(stddev > 0 && Number.isFinite(stddev))) throw new RangeError(`standard deviation ${stddev}`);
  if (!(power >= 0.5 && power < 1)) throw new RangeError(`power ${power}`);
}
