import type { MetricReadout } from '../../domain/readout.ts';
import { relativeMeans } from '../analysis/stated-lifts.ts';
import { type ArmMean, armMeans } from './arm-means.ts';

/** The mean of each arm; of lifts relative to the control's, which is 1. Throws as `statedLifts`. */
export function metricMeans(
  readout: MetricReadout,
  units: Readonly<Record<string, number>>,
  control: string,
): readonly ArmMean[] {
  return armMeans(readout) ?? relativeMeans(readout, units, control);
}
