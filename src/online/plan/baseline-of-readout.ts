import { DomainError } from '../../domain/errors.ts';
import type { MetricReadout } from '../../domain/readout.ts';
import { armMeans } from '../readouts/arm-means.ts';
import { unitsOf } from '../readouts/units-of.ts';
import type { BaselineMetric } from './detectable-effect.ts';

/**
 * What a metric is before an experiment, from a readout of arms without effect (A/A) or of one arm alone.
 *
 * mean = Σ n_a m_a/Σ n_a, stddev² = Σ(n_a − 1)n_a Var(m_a)/Σ(n_a − 1), pooled within arms; after CUPED, what that leaves
 *
 * `units` count where a measurement has no n of its own. Throws `readout_invalid` for lifts, arms without units, or no arm of two.
 */
export function baselineOfReadout(
  readout: MetricReadout,
  units: Readonly<Record<string, number>>,
): BaselineMetric {
  const means = armMeans(readout);
  if (means === undefined) {
    throw new DomainError('readout_invalid', 'has lifts, which tell no spread: expected means or sums');
  }
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (const { arm, mean, variance, n } of means) {
    const count = n ?? unitsOf(units, arm);
    total += count;
    sum += count * mean;
    squares += (count - 1) * count * variance;
  }
  const degrees = total - means.length;
  if (!(degrees > 0)) throw new DomainError('readout_invalid', `has ${total} units: expected two in an arm`);
  return { mean: sum / total, stddev: Math.sqrt(squares / degrees) };
}
