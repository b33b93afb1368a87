import { z } from 'zod';
import { guardrailSchema } from './guardrail.ts';
import { metricNameSchema } from './metric.ts';
import { numberSchema, wholeNumberSchema } from './number.ts';
import { objectiveSchema } from './objective.ts';
import { onlineMetricKindSchema } from './readout.ts';
import { strictObject } from './schema.ts';

const MOST_ONLINE_GUARDRAILS = 20;
const MOST_ROUNDS = 100;

/** As a fraction of the baseline: 0.02 is 2 %. */
export const relevantEffectSchema = numberSchema.positive().max(1, {
  error: (issue) => `is ${String(issue.input)}: expected a fraction of the baseline, such as 0.02 for 2 %`,
});

/** A metric that experiments count. */
export const onlineMetricSchema = strictObject({
  kind: onlineMetricKindSchema,
  /** The study's own metric that is the log's knowledge of this one; left out, the log knows nothing of it. */
  offline: metricNameSchema.optional(),
  /** The smallest change that matters. */
  relevantEffect: relevantEffectSchema.optional(),
  /** What is known of it before the first experiment: the mean over users, and the standard deviation of a volume. */
  mean: numberSchema.optional(),
  stddev: numberSchema.positive().optional(),
});

/** What experiments on live traffic are to find. */
export const onlineSchema = strictObject({
  metrics: z.record(metricNameSchema, onlineMetricSchema),
  objective: objectiveSchema,
  /** Multiples of the baseline. */
  guardrails: z.array(guardrailSchema).max(MOST_ONLINE_GUARDRAILS).default([]),
  /** How many rounds of experiments there may be. */
  rounds: wholeNumberSchema(1, MOST_ROUNDS).default(2),
});

export type OnlineMetric = z.output<typeof onlineMetricSchema>;
export type OnlineDefinition = z.output<typeof onlineSchema>;
