import type { Measurement, MetricReadout } from '../../domain/readout.ts';
import { centredSums } from './centred-sums.ts';
import { cuped, type MeanWithVariance } from './cuped.ts';

/** An arm's mean in the metric's units, and how uncertain that mean is. */
export interface ArmMean extends MeanWithVariance {
  readonly arm: string;
  readonly n: number | null;
}

/**
 * The mean of each arm, from means or sums; with a covariate, adjusted by CUPED.
 *
 * mean = Σy/n, Var = S_yy/((n − 1)n) from sums; Var = sem² from means
 *
 * In the order of the readout. Undefined where the readout has lifts, which are relative to a control that is not told.
 */
export function armMeans({ arms }: MetricReadout): readonly ArmMean[] | undefined {
  const entries = Object.entries(arms);
  if (entries.some(([, measurement]) => 'lift' in measurement)) return undefined;
  const sums = entries.map(([, measurement]) =>
    'sum' in measurement ? centredSums(measurement) : undefined,
  );
  const adjusted = sums.every((centred) => centred !== undefined && centred.covariate !== null)
    ? cuped(sums.filter((centred) => centred !== undefined)).arms
    : undefined;
  return entries.map(([arm, measurement], i) => ({
    arm,
    n: measurement.n ?? null,
    ...(adjusted?.[i] ?? plainMean(measurement)),
  }));
}

function plainMean(measurement: Measurement): MeanWithVariance {
  if ('mean' in measurement) return { mean: measurement.mean, variance: measurement.sem ** 2 };
  if ('lift' in measurement) throw new RangeError('a lift has no mean');
  const { n, mean, squares } = centredSums(measurement);
  return { mean, variance: squares / ((n - 1) * n) };
}
