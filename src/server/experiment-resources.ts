import { z } from 'zod';
import {
  endReasonSchema,
  experimentArmSchema,
  experimentProvenanceSchema,
  experimentStateSchema,
  roundGeneratorSchema,
  windowSchema,
} from '../domain/experiment.ts';
import { findingSchema, forceReasonSchema, gateSchema } from '../domain/finding.ts';
import { wholeNumberSchema } from '../domain/number.ts';
import { readoutSchema } from '../domain/readout.ts';
import { strictObject } from '../domain/schema.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../service/export-experiment.ts';
import type { ImportedReadout } from '../service/import-readout.ts';
import type { StoredExperiment, StoredReadout } from '../service/read-experiments.ts';

/** The body of `POST experiments/{n}:end`. */
export const endBodySchema = strictObject({ reason: endReasonSchema.optional() });

/** The body of `POST experiments/{n}/readouts`. */
export const readoutBodySchema = strictObject({
  readout: readoutSchema,
  /** Gates whose refusals are overruled, which is recorded. */
  force: z.array(gateSchema).max(gateSchema.options.length).default([]),
  /** Why, which is recorded too. */
  forceReason: forceReasonSchema.optional(),
});

const FORMATS = Object.keys(EXPORT_FORMATS) as [ExportFormat, ...ExportFormat[]];

/** The query of `experiments/{n}:export`. */
export const exportQuerySchema = strictObject({
  format: z.enum(FORMATS).default('json'),
  coverage: z.coerce.number().positive().max(1).optional(),
});

/** The query of `experiments/{n}:analyse`. */
export const analyseQuerySchema = strictObject({
  alpha: z.coerce.number().min(1e-6).max(0.5).optional(),
  correction: z.enum(['none', 'bonferroni', 'dunnett']).optional(),
});

/** The query of `experiments:recommend`. */
export const recommendQuerySchema = strictObject({
  arms: z.coerce.number().pipe(wholeNumberSchema(1, 50)).optional(),
  generator: roundGeneratorSchema.optional(),
  seed: z.coerce
    .number()
    .pipe(wholeNumberSchema(0, 2 ** 31 - 1))
    .optional(),
  roundsLeft: z.coerce.number().pipe(wholeNumberSchema(0, 100)).optional(),
  confidence: z.coerce.number().min(0.5).max(0.999).optional(),
  relevantGain: z.coerce.number().positive().optional(),
});

/** An experiment as the interface shows it. */
export const experimentResourceSchema = z.strictObject({
  study: z.string(),
  number: z.int().min(1),
  name: z.string(),
  state: experimentStateSchema,
  window: windowSchema,
  units: z.number().nullable(),
  coverage: z.number(),
  unit: z.string().nullable(),
  arms: z.array(experimentArmSchema),
  provenance: experimentProvenanceSchema,
  createdBy: z.string(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  reason: z.string().nullable(),
});

export const experimentsResourceSchema = z.strictObject({ experiments: z.array(experimentResourceSchema) });

/** A readout as the interface shows it. */
export const readoutResourceSchema = z.strictObject({
  experiment: z.int().min(1),
  revision: z.int().min(1),
  readout: readoutSchema,
  findings: z.array(findingSchema),
  forced: z.array(gateSchema),
  forceReason: z.string().nullable(),
  importedBy: z.string(),
  importedAt: z.string(),
  contentHash: z.string(),
});

export const readoutsResourceSchema = z.strictObject({ readouts: z.array(readoutResourceSchema) });

export function experimentResource(experiment: StoredExperiment) {
  const { study, number, name, state, window, units, coverage, unit, arms, provenance } = experiment;
  const { createdBy, createdAt, startedAt, endedAt, reason } = experiment;
  const planned = { study, number, name, state, window, units, coverage, unit, arms, provenance };
  return { ...planned, createdBy, createdAt, startedAt, endedAt, reason };
}

export function readoutResource({ readout, ...stored }: StoredReadout) {
  return { ...stored, readout };
}

/** 201 for a new revision, 200 for one that was there. */
export function importedAnswer(study: string, { readout, isNew }: ImportedReadout) {
  return {
    status: isNew ? 201 : 200,
    ...(isNew && { location: `/v1/studies/${study}/experiments/${readout.experiment}/readouts` }),
    body: readoutResource(readout),
  };
}
