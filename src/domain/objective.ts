import { z } from 'zod';
import { metricNameSchema } from './metric.ts';
import { strictObject, textOr } from './schema.ts';

const structuredSchema = strictObject({
  metric: metricNameSchema,
  /** Left out, the metric's own direction. */
  direction: z.enum(['maximize', 'minimize']).optional(),
});

/** What the study optimises: `"maximize long_click.average_precision"`, `"minimize cost"`, or a metric alone. */
export const objectiveSchema = textOr((text) => {
  const match = /^\s*(?:(maximize|minimize)\s+)?(\S+)\s*$/.exec(text);
  if (match === null) return `"${text}" is not an objective: expected "maximize METRIC" or "minimize METRIC"`;
  const [, direction, metric] = match;
  return direction === undefined ? { metric } : { metric, direction };
}, structuredSchema);
