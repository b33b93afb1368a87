import { z } from 'zod';
import { derivedMetricSchema } from './derived-metric.ts';
import { guardrailSchema } from './guardrail.ts';
import { holdoutSchema } from './holdout.ts';
import { linearConstraintSchema } from './linear-constraint.ts';
import { headSchema, logSchema } from './log.ts';
import { metricNameSchema } from './metric.ts';
import { nameSchema, studyNameSchema } from './name.ts';
import { numberSchema, wholeNumberSchema } from './number.ts';
import { onlineSchema } from './online.ts';
import { type Objective, objectiveSchema, objectivesSchema } from './objective.ts';
import { strictObject } from './schema.ts';

const MOST_CONSTRAINTS = 50;
export const MOST_GUARDRAILS = 20;
const MOST_TRIALS = 2000;
const MOST_STANDARD_ERRORS = 10;

/** The whole design is made for each suggestion out of it, which takes some seconds for so many. */
export const MOST_INITIAL_TRIALS = 200;

/** A weight's range, written `[min, max]`. */
const rangeSchema = z
  .union([z.tuple([numberSchema, numberSchema]), strictObject({ min: numberSchema, max: numberSchema })], {
    error: 'expected a range [min, max] of two numbers',
  })
  .transform((range) => ('min' in range ? range : { min: range[0], max: range[1] }))
  .pipe(z.strictObject({ min: numberSchema, max: numberSchema }));

const weightValuesSchema = z.record(nameSchema, numberSchema);

/** The status quo that guardrails and gains are measured against. */
const baselineSchema = z.union(
  [
    strictObject({ weights: weightValuesSchema }),
    z.strictObject({ scoreColumn: z.string().min(1).max(256) }),
    z.strictObject({ metrics: z.record(metricNameSchema, numberSchema) }),
  ],
  {
    error: 'expected one of weights: {NAME: number, …}, scoreColumn: COLUMN or metrics: {METRIC: number, …}',
  },
);

const metricSettingsSchema = strictObject({
  /** `none`: measured exactly; `known`: each observation brings its sem; `inferred`: the model finds the noise. */
  noise: z.enum(['none', 'known', 'inferred']).optional(),
  direction: z.enum(['maximize', 'minimize']).optional(),
});

/** The parts of a study, each well formed on its own; `study-rules.ts` holds what they owe each other. */
export const studyShape = strictObject({
  name: studyNameSchema,
  weights: z.record(nameSchema, rangeSchema, { error: 'expected a mapping NAME: [min, max]' }),
  /** C in Σ w = C. Left out, only the weights' direction matters for how far apart candidates are kept. */
  sum: numberSchema.positive().optional(),
  constraints: z.array(linearConstraintSchema).max(MOST_CONSTRAINTS).default([]),
  /** Linear combinations of metrics by name; each may be an objective, a guardrail, or shown alone. */
  derived: z.record(nameSchema, derivedMetricSchema).optional(),
  objective: objectiveSchema.optional(),
  /** Instead of `objective`, 2 to 4 of them. */
  objectives: objectivesSchema.optional(),
  /** What the best trade-offs must be better than, by objective; those left out are inferred from the trials. */
  referencePoint: z.record(metricNameSchema, numberSchema).optional(),
  guardrails: z.array(guardrailSchema).max(MOST_GUARDRAILS).default([]),
  /**
   * z: on a log, a guardrail counts as met where its slack is at least z standard errors of it. Left out, a new sweep takes
   * 1.645; studies that were stored without one have none.
   */
  guardrailMargin: z.number().min(0).max(MOST_STANDARD_ERRORS).optional(),
  /** The part of the log on which the best trial is scored again. */
  holdout: holdoutSchema.optional(),
  /** P(every guardrail holds) from which a noisy trial may be called the best; left out, 0.95. */
  confidence: z.number().min(0.5).max(0.999).optional(),
  baseline: baselineSchema.optional(),
  heads: z.record(nameSchema, headSchema).optional(),
  log: logSchema.optional(),
  metrics: z.record(metricNameSchema, metricSettingsSchema).default({}),
  /**
   * Further metrics to show in the report; they steer nothing. Of a log; left out, every head's average precision. Of an
   * external evaluator, those that it may measure besides.
   */
  report: z.array(metricNameSchema).max(50).optional(),
  /** What experiments on live traffic count, want and must not lose. No trial depends on it. */
  online: onlineSchema.optional(),
  /** Trials to run, the baseline not counted. */
  budget: wholeNumberSchema(1, MOST_TRIALS).optional(),
  /** Space-filling trials before the model proposes. */
  initialTrials: wholeNumberSchema(
    1,
    MOST_INITIAL_TRIALS,
    `is too large: expected at most ${MOST_INITIAL_TRIALS} space-filling trials`,
  ).optional(),
  seed: wholeNumberSchema(0, 2 ** 31 - 1).default(0),
  /** Weights to ship are multiples of it: `pondera explain` rounds the best ones and says what that costs. No trial depends on it. */
  step: numberSchema.positive().optional(),
});

export type StudyDefinition = z.output<typeof studyShape>;

/** A study that is not finished: what its log and heads are can be looked at. */
export const partialStudySchema = studyShape.partial({ name: true, weights: true });

export type PartialStudyDefinition = z.output<typeof partialStudySchema>;
export type Baseline = z.output<typeof baselineSchema>;

/** What the study optimises, one objective or several. */
export function objectivesOf({
  objective,
  objectives,
}: Pick<StudyDefinition, 'objective' | 'objectives'>): readonly Objective[] {
  return objectives ?? (objective === undefined ? [] : [objective]);
}
