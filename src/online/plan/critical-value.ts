import { normalQuantile } from '../../../math/normal-quantile.ts';
import { dunnettCriticalValue } from './dunnett.ts';

/** How the comparisons of several arms with one control share the error α. */
export type Correction = 'none' | 'bonferroni' | 'dunnett';

/**
 * How many standard errors a comparison must be from 0 to be called an effect, two-sided.
 *
 * none: Φ⁻¹(1 − α/2); bonferroni: Φ⁻¹(1 − α/(2K)); dunnett: of K correlated comparisons exactly.
 *
 * `unitsOfArms` beside `controlUnits` give Dunnett's correlations. Throws RangeError unless 0 < α < 1 and there is an arm.
 */
export function criticalValue(
  correction: Correction,
  alpha: number,
  controlUnits: number,
  unitsOfArms: readonly number[],
): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha}`);
  const { length: arms } = unitsOfArms;
  if (arms === 0) throw new RangeError('0 arms');
  if (correction === 'none') return -normalQuantile(alpha / 2);
  if (correction === 'bonferroni') return -normalQuantile(alpha / (2 * arms));
  return dunnettCriticalValue(
    alpha,
    unitsOfArms.map((units) => Math.sqrt(units / (units + controlUnits))),
  );
}
