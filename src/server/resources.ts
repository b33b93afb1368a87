import { z } from 'zod';
import type { StudyEvent } from '../domain/event.ts';
import { nameSchema } from '../domain/name.ts';
import { numberSchema, wholeNumberSchema } from '../domain/number.ts';
import { strictObject } from '../domain/schema.ts';
import { leaseSecondsSchema } from '../domain/lease.ts';
import { type StudyDefinition, studyShape } from '../domain/study.ts';
import { measurementsSchema } from '../domain/trial.ts';
import type { ManagedStudy } from '../service/change-study.ts';
import type { BestTrialSoFar, ParetoSetSoFar } from '../service/report-study.ts';
import type { StoredStudy, StoredTrial } from '../service/read-history.ts';
import type {
  BestTrialResource,
  EventsPage,
  ParetoSetResource,
  StudyResource,
  TrialResource,
} from './answers.ts';

const LONGEST_CLIENT_ID = 128;

/** Who asks: the same name is the same client, which gets its own trials back. */
export const clientIdSchema = z
  .string()
  .min(1)
  .max(LONGEST_CLIENT_ID)
  .regex(/^[\x21-\x7e]+$/, 'expected printable ASCII characters without spaces');

const weightsSchema = z.record(nameSchema, numberSchema, { error: 'expected a mapping NAME: number' });

/** The body of `trials:suggest`. */
export const suggestBodySchema = strictObject({
  count: wholeNumberSchema(1, 100).default(1),
  clientId: clientIdSchema.optional(),
  leaseSeconds: leaseSecondsSchema.optional(),
  fixed: weightsSchema.optional(),
});

/** The body of `trials/{number}:complete`. */
export const completeBodySchema = strictObject({ metrics: measurementsSchema });

const LONGEST_NOTE = 1000;
const NOTE_LENGTH = `expected text of 1 to ${LONGEST_NOTE} characters`;

const textSchema = z.string().min(1, NOTE_LENGTH).max(LONGEST_NOTE, NOTE_LENGTH);

/** The body of `:fail` and `:infeasible`. */
export const reasonBodySchema = strictObject({ reason: textSchema.optional() });

/** The body of `PATCH` of a study: null takes a setting away. */
export const patchBodySchema = strictObject({
  budget: studyShape.shape.budget.nullable(),
  confidence: studyShape.shape.confidence.nullable(),
  description: textSchema.nullable().optional(),
  online: studyShape.shape.online.nullable(),
});

/** The body of `:abandon`, `:archive` and `:unarchive`. */
export const emptyBodySchema = z.strictObject({}, { error: 'expected no keys' });

/** The body of `:void`. */
export const voidBodySchema = strictObject({ reason: textSchema });

/** The body of `:correct`. */
export const correctBodySchema = strictObject({ metrics: measurementsSchema, reason: textSchema });

/** The body of `:heartbeat`. */
export const heartbeatBodySchema = strictObject({
  clientId: clientIdSchema.optional(),
  leaseSeconds: leaseSecondsSchema.optional(),
});

/** The body of `POST trials/{number}/notes`. */
export const noteBodySchema = strictObject({ text: textSchema });

const LARGEST_PAGE = 1000;

/** The query of `events`: a page token is the sequence number of the last event that was seen. */
export const eventsQuerySchema = strictObject({
  pageSize: z.preprocess(Number, wholeNumberSchema(1, LARGEST_PAGE)).prefault(100),
  pageToken: z.preprocess(Number, wholeNumberSchema(0, Number.MAX_SAFE_INTEGER)).prefault(0),
});

/** The body of `POST trials`. */
export const attachBodySchema = strictObject({
  weights: weightsSchema.optional(),
  replicateOf: z.int().min(0).optional(),
  metrics: measurementsSchema.optional(),
  note: textSchema.optional(),
}).check(({ value, issues }) => {
  const { weights, replicateOf } = value;
  if ((weights === undefined) !== (replicateOf === undefined)) return;
  const both = weights !== undefined;
  issues.push({
    code: 'custom',
    path: both ? ['replicateOf'] : [],
    message: both
      ? 'stands beside weights: expected one of the two'
      : 'lacks weights: expected weights: {NAME: number, …} or replicateOf: NUMBER',
    input: value,
  });
});

const MOST_POINTS = 100;

/** The body of `:predict`. */
export const predictBodySchema = strictObject({ weights: z.array(weightsSchema).min(1).max(MOST_POINTS) });

/** A line of `POST trials:import`. */
export const importLineSchema = strictObject({
  weights: weightsSchema,
  metrics: measurementsSchema,
  note: textSchema.optional(),
});

export const trialNumberSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A study as the interface shows it. */
export function studyResource(
  study: StoredStudy & Partial<Pick<ManagedStudy, 'description' | 'archivedAt'>>,
): StudyResource {
  const { definition, createdAt, description = null, archivedAt = null } = study;
  return { id: definition.name, createdAt, description, archivedAt, definition: withoutPath(definition) };
}

/** Where a log lies on this machine is not for clients to know. */
function withoutPath({ log, ...rest }: StudyDefinition): StudyResource['definition'] {
  if (log === undefined) return rest;
  const { path: _path, ...shown } = log;
  return { ...rest, log: shown };
}

/** A trial as the interface shows it. */
export function trialResource(trial: StoredTrial): TrialResource {
  const { number, state, weights, observations, provenance, clientId, leaseExpiresAt, reason } = trial;
  return {
    number,
    state,
    weights,
    metrics: observations,
    provenance,
    clientId,
    leaseExpiresAt: leaseExpiresAt === null ? null : new Date(leaseExpiresAt).toISOString(),
    reason,
    createdAt: trial.createdAt,
    completedAt: trial.completedAt,
  };
}

/** A page of the event log; the token of the next is null where this one is the last so far. */
export function eventsResource(events: readonly StudyEvent[], pageSize: number): EventsPage {
  const last = events.length === pageSize ? events.at(-1) : undefined;
  return { events, nextPageToken: last === undefined ? null : String(last.sequence) };
}

/** The answer of `trials:best`: all null before anything is measured. */
export function bestTrialResource(best: BestTrialSoFar | null): BestTrialResource {
  if (best === null) return { trial: null, feasible: null, rule: null };
  return { trial: trialResource(best.trial), feasible: best.feasible, rule: best.rule };
}

/** The answer of `trials:pareto`: without trials before anything is measured. */
export function paretoResource(set: ParetoSetSoFar | null): ParetoSetResource {
  if (set === null) return { trials: [], hypervolume: null, referencePoint: null };
  const { trials, hypervolume, referencePoint } = set;
  return { trials: trials.map(trialResource), hypervolume, referencePoint };
}
