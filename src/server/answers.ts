import { z } from 'zod';
import { studyEventSchema } from '../domain/event.ts';
import { logShape } from '../domain/log.ts';
import { studyShape } from '../domain/study.ts';
import { boundsSchema, provenanceSchema } from '../domain/trial.ts';
import { TRIAL_STATES } from '../domain/trial-state.ts';
import { paretoReportSchema, trialReportSchema } from '../service/report-study.ts';
import { noteSchema } from '../service/trial-notes.ts';

const timeSchema = z.string().describe('ISO 8601, in UTC.');

/** A study as the interface shows it. */
export const studySchema = z
  .strictObject({
    id: z.string(),
    createdAt: timeSchema,
    description: z.string().nullable(),
    archivedAt: timeSchema.nullable().describe('Null while the study is worked on.'),
    definition: studyShape.extend({ log: logShape.omit({ path: true }).optional() }).meta({
      id: 'StoredDefinition',
      description:
        'The study as it was read: what was written as text is structured, defaults are filled in. Where a log lies is not told.',
    }),
  })
  .meta({ id: 'Study' });

const observationSchema = z.strictObject({
  mean: z.number(),
  sem: z.number().nullable().describe('Standard error of the mean; null where it is not known.'),
  n: z.int().min(1).exactOptional().describe('Of how many units or impressions it is the mean.'),
  changeSem: z
    .number()
    .exactOptional()
    .describe('Paired standard error of mean − the baseline’s mean, where one log measured both.'),
  bounds: boundsSchema
    .exactOptional()
    .describe('Where the metric surely lies, of a log in the histogram form.'),
});

/** A trial as the interface shows it. */
export const trialSchema = z
  .strictObject({
    number: z.int().min(0).describe('0 is the baseline; candidates are numbered from 1.'),
    state: z.enum(TRIAL_STATES),
    weights: z
      .record(z.string(), z.number())
      .readonly()
      .nullable()
      .describe('Null for a baseline that is a logged score or given metric values.'),
    metrics: z
      .record(z.string(), observationSchema)
      .readonly()
      .describe('What was measured; empty until the trial is completed.'),
    provenance: provenanceSchema.meta({
      id: 'Provenance',
      description: 'How the candidate came about: enough to explain it and to make it again.',
    }),
    clientId: z.string().nullable(),
    leaseExpiresAt: timeSchema.nullable().describe('Null where the trial waits for ever.'),
    reason: z.string().nullable().describe('Why it failed, is infeasible, was voided or corrected.'),
    createdAt: timeSchema,
    completedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Trial' });

const nextPageTokenSchema = z
  .string()
  .nullable()
  .describe('`pageToken` of the page after this one; null where this is the last.');

export const studiesPageSchema = z.strictObject({
  studies: z.array(studySchema).readonly(),
  nextPageToken: nextPageTokenSchema,
});

export const trialsPageSchema = z.strictObject({
  trials: z.array(trialSchema).readonly(),
  nextPageToken: nextPageTokenSchema,
});

export const suggestionSchema = z.strictObject({ trials: z.array(trialSchema).readonly() });

/** A page of the event log; the token of the next is null where this one is the last so far. */
export const eventsPageSchema = z.strictObject({
  events: z
    .array(studyEventSchema.meta({ id: 'StudyEvent', description: 'One entry of a study’s log.' }))
    .readonly(),
  nextPageToken: nextPageTokenSchema,
});

/** The answer of `trials:best`: all null before anything is measured. */
export const bestTrialSchema = z
  .strictObject({
    trial: trialSchema.nullable(),
    feasible: trialReportSchema.shape.feasible.nullable(),
    rule: trialReportSchema.shape.rule.nullable(),
  })
  .describe('All null before anything is measured.');

/** The answer of `trials:pareto`: without trials before anything is measured. */
export const paretoSetSchema = z
  .strictObject({
    trials: z.array(trialSchema).readonly(),
    hypervolume: paretoReportSchema.shape.hypervolume.nullable(),
    referencePoint: paretoReportSchema.shape.referencePoint.readonly().nullable(),
  })
  .describe('Without trials before anything is measured.');

export const notesSchema = z.strictObject({ notes: z.array(noteSchema).readonly() });

/** What `trials:import` has stored. */
export const importedSchema = z.strictObject({
  imported: z.int().min(1),
  first: z.int().min(1).describe('The number of the first trial that was stored.'),
  last: z.int().min(1),
});

export type StudyResource = Readonly<z.output<typeof studySchema>>;
export type TrialResource = Readonly<z.output<typeof trialSchema>>;
export type EventsPage = Readonly<z.output<typeof eventsPageSchema>>;
export type BestTrialResource = Readonly<z.output<typeof bestTrialSchema>>;
export type ParetoSetResource = Readonly<z.output<typeof paretoSetSchema>>;
