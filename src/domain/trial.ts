import { z } from 'zod';
import { metricNameSchema } from './metric.ts';
import { numberSchema, wholeNumberSchema } from './number.ts';
import { strictObject } from './schema.ts';
import { type TrialState, usesBudget } from './trial-state.ts';

/** What a metric was measured to be. `sem` is its standard error, null where it is not known. */
export const observationSchema = strictObject({
  mean: numberSchema,
  sem: numberSchema.nonnegative().nullable().default(null),
  /** Of how many units or impressions it is the mean; kept and shown, the models take `sem`. */
  n: wholeNumberSchema(1, Number.MAX_SAFE_INTEGER).optional(),
});

/**
 * The metrics of a completed trial, each as a number or as a mean with its standard error; null says that one was not
 * measured.
 */
export const measurementsSchema = z.record(
  metricNameSchema,
  z
    .union([numberSchema, observationSchema, z.null()], {
      error: 'expected a finite number, or {mean, sem, n} of such numbers, or null',
    })
    .transform((measured): Observation | null => {
      if (typeof measured === 'number') return { mean: measured, sem: null };
      return measured === null ? null : withoutUndefined(measured);
    }),
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
  /** Distance to the nearest trial, as a share of the polytope's diameter (without a sum: of directions'); null for the first and for imported ones. */
  nearestTrialDistance: z.number().nullable(),
  /** The fitted hyperparameters by metric, as the model's `fit` returned them. */
  hyperparameters: z.record(z.string(), z.unknown()),
});

/** Where a metric surely lies: lower ≤ metric ≤ upper. */
export const boundsSchema = z.strictObject({ lower: z.number(), upper: z.number() });

export type Bounds = Readonly<z.output<typeof boundsSchema>>;

/**
 * `changeSem` is the paired standard error of mean − the baseline's mean, where one log measured both; `bounds` are those of a log
 * in the histogram form, which does not give the value itself.
 */
export interface Observation {
  readonly mean: number;
  readonly sem: number | null;
  readonly n?: number;
  readonly changeSem?: number;
  readonly bounds?: Bounds;
}

function withoutUndefined({ n, ...rest }: z.output<typeof observationSchema>): Observation {
  return n === undefined ? rest : { ...rest, n };
}

/** What a client says of each metric: what it measured, or that it did not. */
export type Measurements = Readonly<Record<string, Observation | null>>;
export type Observations = Record<string, Observation>;
export type Generator = z.output<typeof generatorSchema>;
export type Provenance = z.output<typeof provenanceSchema>;
export type Weights = Readonly<Record<string, number>>;

/** The number of the baseline, where the study has one; candidates are numbered from 1. */
export const BASELINE_TRIAL = 0;

export interface Trial {
  readonly number: number;
  readonly state: TrialState;
  /** Null for a baseline that is a logged score or given metric values. */
  readonly weights: Weights | null;
  /** Who chose the weights; whoever needs it all reads the stored trial. */
  readonly provenance: Pick<Provenance, 'generator'> & Partial<Provenance>;
  /** Empty until the trial is completed, and without the metrics that were not measured. */
  readonly observations: Readonly<Observations>;
  /** Of a completed trial, the modelled metrics that were not measured; absent where all were. */
  readonly lacks?: readonly string[];
}

/** A trial with all that is known of how it came about. */
export interface ExplainedTrial extends Trial {
  readonly provenance: Provenance;
}

/** What was measured of it. */
export function measuredOf(measurements: Measurements): Observations {
  return Object.fromEntries(
    Object.entries(measurements).flatMap(([metric, measured]) =>
      measured === null ? [] : [[metric, measured] as const],
    ),
  );
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
 * attached. Those that were abandoned or voided give their place back.
 */
export function suggestedTrials(trials: readonly Trial[]): readonly Trial[] {
  return candidateTrials(trials).filter(
    ({ state, provenance }) => usesBudget(state) && isSuggested(provenance.generator),
  );
}

/** Whether the study chose the weights, and not a client. */
export function isSuggested(generator: Generator): boolean {
  return generator !== 'attached' && generator !== 'replicate';
}

/** The number that the next candidate takes. */
export function nextTrialNumber(trials: readonly Trial[]): number {
  return trials.reduce((most, { number }) => Math.max(most, number), BASELINE_TRIAL) + 1;
}
