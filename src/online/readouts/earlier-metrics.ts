import type { OnlineDefinition, OnlineMetric } from '../../domain/online.ts';
import type { Readout } from '../../domain/readout.ts';
import { baselineOfReadout } from '../plan/baseline-of-readout.ts';
import { armMeans } from './arm-means.ts';
import type { EarlierMetric } from './gates/mixed-units.ts';

/** What an earlier readout knew of its metrics, or, where there is none or it had lifts, what the study says of them. */
export function earlierMetrics(
  { metrics }: OnlineDefinition,
  readout: Readout | undefined,
  control: string,
): Readonly<Record<string, EarlierMetric>> {
  const known = Object.entries(metrics).flatMap(([metric, said]): [string, EarlierMetric][] => {
    const earlier = (readout && readBefore(readout, metric, control)) ?? saidBefore(said);
    return earlier === undefined ? [] : [[metric, earlier]];
  });
  return Object.fromEntries(known);
}

function readBefore(readout: Readout, metric: string, control: string): EarlierMetric | undefined {
  const read = readout.metrics[metric];
  const means = read && armMeans(read);
  if (means === undefined) return undefined;
  return {
    source: 'the round before',
    controlMean: means.find(({ arm }) => arm === control)?.mean ?? null,
    coefficientOfVariation: variationOf(readout, metric),
  };
}

function saidBefore({ kind, mean, stddev }: OnlineMetric): EarlierMetric | undefined {
  if (mean === undefined) return undefined;
  const spread = kind === 'propensity' ? Math.sqrt(mean * (1 - mean)) : (stddev ?? null);
  return {
    source: 'the study',
    controlMean: mean,
    coefficientOfVariation: spread === null || mean === 0 ? null : spread / Math.abs(mean),
  };
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
