import type { Readout } from '../../domain/readout.ts';
import { baselineOfReadout } from '../plan/baseline-of-readout.ts';
import { armMeans } from './arm-means.ts';
import type { EarlierMetric } from './gates/mixed-units.ts';

/** What an earlier readout knew of its metrics: nothing of those that it had as lifts. */
export function earlierMetrics(
  readout: Readout | undefined,
  control: string,
): Readonly<Record<string, EarlierMetric>> {
  if (readout === undefined) return {};
  return Object.fromEntries(
    Object.entries(readout.metrics).map(([metric, read]): [string, EarlierMetric] => {
      const means = armMeans(read);
      const controlMean = means?.find(({ arm }) => arm === control)?.mean ?? null;
      return [metric, { controlMean, coefficientOfVariation: variationOf(readout, metric) }];
    }),
  );
}

/** Standard deviation over units by mean; null where the units or the mean do not tell it. */
function variationOf({ metrics, units }: Readout, metric: string): number | null {
  const read = metrics[metric]!;
  const means = armMeans(read);
  const counted = means?.every(({ arm, n }) => (n ?? units[arm] ?? 0) >= 2) ?? false;
  if (!counted) return null;
  const { mean, stddev } = baselineOfReadout(read, units);
  return mean === 0 ? null : stddev / Math.abs(mean);
}
