import { z } from 'zod';
import { controlShareSchema, roundGeneratorSchema } from './experiment.ts';
import { metricNameSchema } from './metric.ts';
import { numberSchema, wholeNumberSchema } from './number.ts';
import { relevantEffectSchema } from './online.ts';
import { readoutSchema } from './readout.ts';
import { strictObject } from './schema.ts';

const MOST_PLANNED_ARMS = 50;
const LEAST_ALPHA = 1e-6;
const LEAST_UNITS_PER_DAY = 1e-3;
const LEAST_DAYS = 0.01;
const MOST_DAYS = 3650;
const MOST_UNITS = 1e11;

/** What is asked of a plan. */
export const planRequestSchema = strictObject({
  /** Users who come into the experiment for the first time, a day. */
  unitsPerDay: numberSchema.min(LEAST_UNITS_PER_DAY).max(MOST_UNITS),
  days: numberSchema.min(LEAST_DAYS).max(MOST_DAYS),
  /** Plans are made for 1 to so many arms beside the baseline. */
  mostArms: wholeNumberSchema(1, MOST_PLANNED_ARMS).default(12),
  control: controlShareSchema.default('equal'),
  correction: z.enum(['none', 'bonferroni', 'dunnett']).default('dunnett'),
  alpha: z.number().min(LEAST_ALPHA).max(0.5).default(0.05),
  power: z.number().min(0.5).max(0.9999).default(0.8),
  /** What is known of metrics; left out, what a readout or the study says. */
  metrics: z
    .record(
      metricNameSchema,
      strictObject({
        mean: numberSchema.optional(),
        stddev: numberSchema.positive().optional(),
        relevantEffect: relevantEffectSchema.optional(),
      }),
    )
    .default({}),
  /** A readout of arms without effect (A/A), or of one arm, that tells means and spreads. */
  readout: strictObject({
    window: readoutSchema.shape.window.optional(),
    maturesAt: readoutSchema.shape.maturesAt,
    units: readoutSchema.shape.units,
    metrics: readoutSchema.shape.metrics,
  }).optional(),
  generator: roundGeneratorSchema.default('noisy_expected_improvement'),
});

export type PlanRequest = z.output<typeof planRequestSchema>;
