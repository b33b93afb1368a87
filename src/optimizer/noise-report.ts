import { z } from 'zod';
import type { GaussianProcess } from '../../gp/gaussian-process.ts';
import { median } from '../../math/statistics.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observation } from '../domain/trial.ts';
import { varianceWithinBounds } from './slack-within-bounds.ts';
import { noiseKind } from './training-data.ts';

/** The noise of a metric's observations, standard deviations in the metric's units. */
export const noiseReportSchema = z.strictObject({
  kind: z
    .enum(['none', 'known', 'inferred', 'mixed'])
    .describe(
      'Measured exactly, with a standard error (or bounds) each, without any, or some with and some without.',
    ),
  medianSem: z
    .number()
    .nullable()
    .describe(
      'Median of the standard errors that were given, or of those that bounds stand for; null where there are none.',
    ),
  inferredStddev: z
    .number()
    .nullable()
    .describe('What the model infers of observations without one; null where there are none.'),
});

export type NoiseReport = Readonly<z.output<typeof noiseReportSchema>>;

/** `observations` are those that the process is conditioned on, at least one. */
export function noiseReport(
  definition: StudyDefinition,
  metric: string,
  observations: readonly Observation[],
  { hyperparameters, standardization }: GaussianProcess,
): NoiseReport {
  const kind = noiseKind(definition, metric);
  if (kind === 'none') {
    const errors = observations.map((observation) => Math.sqrt(varianceWithinBounds(observation)));
    const medianError = median(errors);
    if (medianError === 0) return { kind, medianSem: null, inferredStddev: null };
    return { kind: 'known', medianSem: medianError, inferredStddev: null };
  }
  const given = kind === 'known' ? observations.flatMap(({ sem }) => (sem === null ? [] : [sem])) : [];
  const medianSem = given.length === 0 ? null : median(given);
  if (given.length === observations.length) return { kind: 'known', medianSem, inferredStddev: null };
  const inferredStddev = Math.sqrt(hyperparameters.noiseVariance) * standardization.stddev;
  return { kind: given.length === 0 ? 'inferred' : 'mixed', medianSem, inferredStddev };
}
