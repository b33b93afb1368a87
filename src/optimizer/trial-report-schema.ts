import { z } from 'zod';
import type { Incumbent } from '../../acquisition/incumbent.ts';
import { boundsSchema } from '../domain/trial.ts';

const RULES = [
  'best-feasible',
  'least-violating',
  'best-posterior-mean',
  'most-probably-feasible',
] as const satisfies readonly Incumbent['rule'][];

/**
 * A metric at a trial beside the baseline: both as measured where the metric has no noise, else both by the posterior mean,
 * which is what guardrails are judged by.
 */
export const metricReportSchema = z
  .strictObject({
    direction: z.enum(['maximize', 'minimize']),
    baseline: z.number().nullable(),
    value: z.number(),
    posterior: z
      .strictObject({ mean: z.number(), stddev: z.number() })
      .nullable()
      .describe('What the model makes of all trials at these weights; null where metrics have no noise.'),
    observed: z
      .strictObject({
        value: z.number(),
        sem: z.number().nullable(),
        baseline: z.number().nullable(),
        bounds: boundsSchema
          .exactOptional()
          .describe('Where the value surely lies, of a log in the histogram form.'),
      })
      .describe('As it was measured; sem is the standard error of the value, null where it is not known.'),
    change: z.number().nullable().describe('value − baseline.'),
    relativeChange: z.number().nullable().describe('(value − baseline)/|baseline|.'),
    changeSem: z
      .number()
      .nullable()
      .describe('Paired standard error of the change, where one log measured both; else null.'),
    relativeChangeSem: z
      .number()
      .nullable()
      .describe('The same of the relative change, by the delta method.'),
    changeBounds: boundsSchema
      .exactOptional()
      .describe('Where the change surely lies, of a log in the histogram form.'),
    relativeChangeBounds: boundsSchema.exactOptional(),
  })
  .meta({
    id: 'MetricReport',
    description:
      'A metric at a trial beside the baseline: both as measured where the metric has no noise, else both by the posterior mean.',
  });

/** A guardrail at a trial: bound, value and slack as in `MetricReport`, so that `met` says P(met) ≥ ½ where there is no margin. */
export const guardrailReportSchema = z
  .strictObject({
    guardrail: z.string(),
    metric: z.string(),
    relation: z.enum(['>=', '<=']),
    bound: z.number(),
    value: z.number(),
    slack: z.number().describe('Negative where the guardrail is violated, in the metric’s units.'),
    margin: z
      .strictObject({ sem: z.number().nullable(), margin: z.number() })
      .nullable()
      .describe(
        'Standard error of the slack on the log, and how much of it the slack must reach; null without a margin.',
      ),
    met: z.boolean().describe('Whether the slack is at least its margin, or 0 where there is none.'),
    binds: z.boolean(),
    probability: z
      .number()
      .nullable()
      .describe(
        'P(slack ≥ 0) under the model, 1 or 0 where only other metrics have noise; null where none has.',
      ),
  })
  .meta({ id: 'GuardrailReport' });

/** A trial as reports show it. */
export const trialReportSchema = z
  .strictObject({
    number: z.int().min(0),
    weights: z.record(z.string(), z.number()),
    rule: z
      .enum([...RULES, 'non-dominated'])
      .describe('Why this trial: `non-dominated` for those of a Pareto set.'),
    feasible: z.boolean(),
    beatsBaseline: z
      .boolean()
      .nullable()
      .describe(
        'Whether its objective, of several each, is better than the baseline’s; null where that is not known.',
      ),
    metrics: z
      .record(z.string(), metricReportSchema)
      .describe(
        'By name: the objectives, the guardrails’ metrics, then the others sorted; derived ones among them.',
      ),
    guardrails: z.array(guardrailReportSchema).readonly(),
  })
  .meta({ id: 'TrialReport' });

export type MetricReport = Readonly<z.output<typeof metricReportSchema>>;
export type GuardrailReport = Readonly<z.output<typeof guardrailReportSchema>>;
export type TrialReport = Readonly<z.output<typeof trialReportSchema>>;
