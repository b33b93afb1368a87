import { z } from 'zod';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { FEWEST_OBSERVATIONS, waitingFor } from './initialise.ts';
import { metricModelReportSchema } from './metric-model-report.ts';
import { observedTrials } from './training-data.ts';

/** What is to be known of a study's models. The same trials give the same report. */
export const modelReportSchema = z
  .strictObject({
    study: z.string(),
    observations: z.int().min(0).describe('Completed trials with weights, which the models learn from.'),
    waitingFor: z
      .string()
      .nullable()
      .describe('What has to come before models can be fitted, in words; null where they are.'),
    metrics: z
      .record(z.string(), metricModelReportSchema)
      .describe('One model a metric that steers the study, the objectives first; empty while they wait.'),
  })
  .meta({ id: 'ModelReport' });

export type ModelReport = Readonly<z.output<typeof modelReportSchema>>;

/** The same without models, where they have to wait; undefined where they can be fitted. */
export function waitingModelReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
): ModelReport | undefined {
  const lacking = waitingFor(definition, trials);
  if (lacking === undefined) return undefined;
  const observations = observedTrials(trials).length;
  const count = `${observations} of at least ${FEWEST_OBSERVATIONS} trials with weights completed`;
  return { study: definition.name, observations, waitingFor: `${lacking} (${count})`, metrics: {} };
}
