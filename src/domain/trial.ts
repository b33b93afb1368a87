import { z } from 'zod';
import { metricNameSchema } from './metric.ts';
import { numberSchema } from './number.ts';
import { strictObject } from './schema.ts';

/** What a metric was measured to be. `sem` is its standard error, null where it is not known. */
export const observationSchema = strictObject({
  mean: numberSchema,
  sem: numberSchema.nonnegative().nullable().default(null),
});

/** The metrics of a completed trial, each as a number or as a mean with its standard error. */
export const observationsSchema = z.record(
  metricNameSchema,
  z
    .union([numberSchema, observationSchema], {
      error: 'expected a finite number, or {mean, sem} of such numbers',
    })
    .transform((measured) => (typeof measured === 'number' ? { mean: measured, sem: null } : measured)),
);

/** Who chose a trial's weights. */
export const generatorSchema = z.enum([
  'baseline',
  'attached',
  'replicate',
  'space_filling',
  'log_constrained_expected_improvement',
  'log_expected_improvement',
  'noisy_log_expected_improvement',
  'noisy_log_expected_hypervolume_improvement',
  'log_probability_of_feasibility',
  'log_feasibility_weighted_improvement',
]);

/** How a candidate came about: enough to explain it and to make it again. */
export const provenanceSchema = z.strictObject({
  generator: generatorSchema,
  reason: z.string(),
  /** Of a `replicate`, the number of the trial whose weights it has. */
  replicateOf: z.int().min(0).optional(),
  /** Of a trial that was attached, what was written beside it. */
  note: z.string().optional(),
  acquisitionValue: z.number().nullable(),
  /** P(guardrail met) by guardrail, in the study's order. */
  feasibility: z.array(z.strictObject({ guardrail: z.string(), probability: z.number() })),
  predictions: z.record(z.string(), z.strictObject({ mean: z.number(), stddev: z.number() })),
  /** Distance to the nearest trial, as a share of the polytope's diameter (without a sum: of directions'); null for the first. */
  nearestTrialDistance: z.number().nullable(),
  /** The fitted hyperparameters by metric, as the model's `fit` returned them. */
  hyperparameters: z.record(z.string(), z.unknown()),
});

/** Where a metric surely lies: lower ≤ metric ≤ upper. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * `changeSem` is the paired standard error of mean − the baseline's mean, where one log measured both; `bounds` are those of a log
 * in the histogram form, which does not give the value itself.
 */
export type Observation = z.output<typeof observationSchema> & {
  readonly changeSem?: number;
  readonly bounds?: Bounds;
};
export type Observations = Record<string, Observation>;
export type Generator = z.output<typeof generatorSchema>;
export type Provenance = z.output<typeof provenanceSchema>;
export type Weights = Readonly<Record<string, number>>;

export type TrialState = 'running' | 'completed';

/** The number of the baseline, where the study has one; candidates are numbered from 1. */
export const BASELINE_TRIAL = 0;

export interface Trial {
  readonly number: number;
  readonly state: TrialState;
  /** Null for a baseline that is a logged score or given metric values. */
  readonly weights: Weights | null;
  readonly provenance: Provenance;
  /** Empty until the trial is completed. */
  readonly observations: Readonly<Observations>;
}

/** These values, each without a standard error. */
export function observed(values: Readonly<Record<string, number>>): Observations {
  return Object.fromEntries(Object.entries(values).map(([metric, mean]) => [metric, { mean, sem: null }]));
}

/** The trials that are not the baseline. */
export function candidateTrials(trials: readonly Trial[]): readonly Trial[] {
  return trials.filter(({ number }) => number !== BASELINE_TRIAL);
}

/**
 * The candidates that the study chose itself: its budget and its space-filling design count these, and none that were
 * attached.
 */
export function suggestedTrials(trials: readonly Trial[]): readonly Trial[] {
  return candidateTrials(trials).filter(
    ({ provenance: { generator } }) => generator !== 'attached' && generator !== 'replicate',
  );
}

/** The number that the next candidate takes. */
export function nextTrialNumber(trials: readonly Trial[]): number {
  return Math.max(BASELINE_TRIAL, ...trials.map(({ number }) => number)) + 1;
}
