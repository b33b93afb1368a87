import { type Readout, readoutSchema } from '../domain/readout.ts';
import { parseWith } from '../domain/schema.ts';
import type { StoredExperiment } from './read-experiments.ts';

/** Moments, each left out where the file or the plan says it. */
export interface ReadoutTimes {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly matures?: string | undefined;
}

/** The readout of a file, with times as they are told, else by the file, else as planned. Throws `readout_invalid`. */
export function timedReadout(
  { units, metrics, ...told }: Pick<Readout, 'units' | 'metrics'> & Partial<Readout>,
  { window }: Pick<StoredExperiment, 'window'>,
  { start, end, matures }: ReadoutTimes,
): Readout {
  const maturesAt = matures ?? told.maturesAt;
  return parseWith(
    readoutSchema,
    {
      window: {
        start: start ?? told.window?.start ?? window.start,
        end: end ?? told.window?.end ?? window.end,
      },
      ...(maturesAt !== undefined && { maturesAt }),
      units,
      metrics,
      ...(told.correlations !== undefined && { correlations: told.correlations }),
    },
    'readout_invalid',
  );
}
