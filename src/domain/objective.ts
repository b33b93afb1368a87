import { z } from 'zod';
import { metricNameSchema } from './metric.ts';
import { strictObject, textOr } from './schema.ts';

const structuredSchema = strictObject({
  metric: metricNameSchema,
  /** Left out, the metric's own direction: a log's metrics have one, of others `metrics` must say it. */
  direction: z.enum(['maximize', 'minimize']).optional(),
});

/** What a study optimises: `"maximize revenue"`, `"minimize cost"`, or a metric alone whose direction is known. */
export const objectiveSchema = textOr(
  (text) => {
    const match = /^\s*(?:(maximize|minimize)\s+)?(\S+)\s*$/.exec(text);
    if (match === null)
      return `"${text}" is not an objective: expected "maximize METRIC" or "minimize METRIC"`;
    const [, direction, metric] = match;
    return direction === undefined ? { metric } : { metric, direction };
  },
  structuredSchema,
  'maximize revenue',
);

const FEWEST_OBJECTIVES = 2;
const MOST_OBJECTIVES = 4;
const COUNT = `expected ${FEWEST_OBJECTIVES} to ${MOST_OBJECTIVES} objectives`;

/** Several objectives, of which the study looks for the best trade-offs. */
export const objectivesSchema = z
  .array(objectiveSchema)
  .min(FEWEST_OBJECTIVES, COUNT)
  .max(MOST_OBJECTIVES, COUNT);

export type Objective = z.output<typeof structuredSchema>;
