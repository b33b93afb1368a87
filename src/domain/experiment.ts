import { z } from 'zod';
import { allocatedArmSchema, armNameSchema } from './allocation.ts';
import { metricNameSchema } from './metric.ts';
import { nameSchema, studyNameSchema } from './name.ts';
import { numberSchema, wholeNumberSchema } from './number.ts';
import { momentSchema } from './readout.ts';
import { strictObject } from './schema.ts';

/** The name of the arm that every experiment compares with. */
export const BASELINE_ARM = 'baseline';

/** Names of arms are keys of readouts. */
const RESERVED: ReadonlySet<string> = new Set(['constructor', 'prototype', BASELINE_ARM]);

const MOST_ARMS_OF_A_ROUND = 50;
/** Less of the traffic would measure nothing. */
const LEAST_SHARE = 0.001;

const MOST_PROMISED = 3;
/** With a log that is useless three cost more than they bring (docs/adr/0039-where-the-regret-comes-from.md). */
export const DEFAULT_PROMISED = 2;

const MOST_UNITS = 1e11;
const LONGEST_TEXT = 256;
const LONGEST_REASON = 1000;

/** Planned until it starts; read out from its first readout on; ended for good. */
export const experimentStateSchema = z.enum(['planned', 'running', 'read_out', 'ended']);

export const armKindSchema = z.enum(['baseline', 'suggested', 'hand_picked']);

/** Who chose an arm's weights. */
export const armGeneratorSchema = z.enum([
  'baseline',
  'hand_picked',
  'space_filling',
  'promised_by_log',
  'noisy_expected_improvement',
  'thompson',
]);

/** How the arms of a round after the first are chosen. */
export const roundGeneratorSchema = armGeneratorSchema.extract(['noisy_expected_improvement', 'thompson']);

/** The time in which users are assigned. */
export const windowSchema = strictObject({ start: momentSchema, end: momentSchema }).check((context) => {
  const { start, end } = context.value;
  if (Date.parse(start) < Date.parse(end)) return;
  context.issues.push({
    code: 'custom',
    message: `is ${end}: expected a moment after the start, ${start}`,
    input: context.value,
    path: ['end'],
  });
});

const armWeightsSchema = z.record(nameSchema, numberSchema, { error: 'expected a mapping NAME: number' });

export const handPickedArmSchema = strictObject({
  /** Left out, one is given. */
  name: armNameSchema
    .refine((name) => !RESERVED.has(name), {
      error: (issue) => `"${String(issue.input)}" is a reserved word`,
    })
    .optional(),
  weights: armWeightsSchema,
});

/** The baseline's share: as every arm's, the sharpest for so many arms, or one of one's own. */
export const controlShareSchema = z.union(
  [
    z.enum(['equal', 'sharpest']),
    z
      .number()
      .min(LEAST_SHARE)
      .max(1 - LEAST_SHARE),
  ],
  {
    error: `expected equal, sharpest or a share from ${LEAST_SHARE} to ${1 - LEAST_SHARE}`,
  },
);

/** Arms that agree more than this in how they rank the log are merged, where a log is there: Kendall's τ on the first `cutoff`. */
export const mergeSchema = strictObject({
  above: z.number().min(0).max(1).default(0.95).describe('Of Kendall’s τ; 1 merges none.'),
  cutoff: wholeNumberSchema(1, 1000).default(10).describe('Places in which rankings are compared.'),
});

/** What is asked of a new experiment. */
export const experimentRequestSchema = strictObject({
  /** The key under which users are assigned; left out, the study's name and the round. */
  name: studyNameSchema.optional(),
  /** How many arms the study chooses, beside the baseline and those that were picked by hand. */
  arms: wholeNumberSchema(0, MOST_ARMS_OF_A_ROUND).default(8),
  handPicked: z.array(handPickedArmSchema).max(MOST_ARMS_OF_A_ROUND).default([]),
  window: windowSchema,
  /** Users that are planned in all groups together; left out, what was gathered is told by the window. */
  units: wholeNumberSchema(1, MOST_UNITS).optional(),
  /** The share of all traffic that takes part. */
  coverage: z.number().positive().max(1).default(1),
  controlShare: controlShareSchema.default('equal'),
  /** The attribute that says who a user is; left out, the platform's usual one. */
  unit: z.string().min(1).max(LONGEST_TEXT).optional(),
  /** Left out, the study's. */
  seed: wholeNumberSchema(0, 2 ** 31 - 1).optional(),
  /** Of rounds after the first. */
  generator: roundGeneratorSchema.default('noisy_expected_improvement'),
  /** In the first round, how many of the arms are what the log promises, where it knows the objective. */
  promised: wholeNumberSchema(0, MOST_PROMISED).default(DEFAULT_PROMISED),
  /** In the first round, the least P(feasible) by the study's own models that an arm must have. */
  offlineFeasibility: z.number().gt(0).lt(1).optional(),
  measure: z
    .boolean()
    .default(true)
    .describe('Whether arms are measured on the log of the study, where there is one, and merged.'),
  merge: mergeSchema.optional(),
});

export const experimentArmSchema = strictObject({
  ...allocatedArmSchema.shape,
  weights: armWeightsSchema,
  kind: armKindSchema,
  generator: armGeneratorSchema,
  reason: z.string(),
  /** What the log measured at these weights, where it was asked. */
  offline: z.record(metricNameSchema, numberSchema).nullable(),
});

/** What the arms were chosen from: enough to choose them again. */
export const experimentProvenanceSchema = strictObject({
  seed: z.int(),
  request: experimentRequestSchema,
  /** The readouts that were seen, as they were then. */
  readouts: z.array(strictObject({ experiment: z.int(), revision: z.int() })),
  /** The trials whose metrics were seen as the log's knowledge. */
  trials: z.array(z.int()),
  /** The spreads of the heads' probabilities by which models see weights; null where no log told any, and all are taken alike. */
  spreads: z.record(nameSchema, numberSchema).nullable().default(null),
  /** The sequence number of the study's last event before. */
  after: z.int(),
  merged: z.array(strictObject({ name: z.string(), into: z.string(), agreement: z.number() })),
  /** What was asked and could not be done, and why. */
  notes: z.array(z.string()),
});

export const endReasonSchema = z.string().min(1).max(LONGEST_REASON);

export type ExperimentState = z.output<typeof experimentStateSchema>;
export type ExperimentArm = z.output<typeof experimentArmSchema>;
export type ArmGenerator = z.output<typeof armGeneratorSchema>;
export type RoundGenerator = z.output<typeof roundGeneratorSchema>;
export type ExperimentRequest = z.output<typeof experimentRequestSchema>;
export type ExperimentProvenance = z.output<typeof experimentProvenanceSchema>;
export type ExperimentWindow = z.output<typeof windowSchema>;

/** One round of a study's experiments. */
export interface Experiment {
  /** The round, from 1. */
  readonly number: number;
  readonly name: string;
  readonly state: ExperimentState;
  readonly window: ExperimentWindow;
  readonly units: number | null;
  readonly coverage: number;
  readonly unit: string | null;
  /** The baseline first. */
  readonly arms: readonly ExperimentArm[];
  readonly provenance: ExperimentProvenance;
}

/** The arms' shares by name, which need not add up to 1. */
export function plannedShares({ arms }: Pick<Experiment, 'arms'>): Readonly<Record<string, number>> {
  return Object.fromEntries(arms.map(({ name, share }) => [name, share]));
}
