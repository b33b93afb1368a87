import type { Experiment } from '../../domain/experiment.ts';
import { instantOf, type Readout } from '../../domain/readout.ts';
import { isEarly } from './gates/timing.ts';

/** How much of what was planned is there: null at the planned end, where it is the only look. */
export interface GatheredInformation {
  readonly fraction: number | null;
  /** By the units that were planned, or, where nobody said how many, by the window. */
  readonly by: 'units' | 'window';
}

/**
 * Units so far by units planned, t/t₀ of `sequentialMultiplier`; where no units were planned, the length of the window by that of the
 * planned one, as if traffic were even.
 *
 * `lookedEarly` says whether there was a look before the planned end: the look at the end is then one of several, and the sequence goes on.
 */
export function gatheredInformation(
  { window: planned, units: plannedUnits }: Pick<Experiment, 'window' | 'units'>,
  { window, units }: Pick<Readout, 'window' | 'units'>,
  lookedEarly: boolean,
): GatheredInformation {
  const by = plannedUnits === null ? 'window' : 'units';
  if (!lookedEarly && !isEarly({ window }, planned.end)) return { fraction: null, by };
  if (plannedUnits === null) {
    return { fraction: lengthOf(window) / lengthOf(planned), by };
  }
  const counted = Object.values(units).reduce((sum, count) => sum + count, 0);
  return { fraction: counted / plannedUnits, by };
}

function lengthOf({ start, end }: Readout['window']): number {
  return instantOf(end) - instantOf(start);
}
