import { z } from 'zod';
import { nameSchema } from '../domain/name.ts';
import { numberSchema, wholeNumberSchema } from '../domain/number.ts';
import { strictObject } from '../domain/schema.ts';
import { observationsSchema } from '../domain/trial.ts';
import type { BestTrialSoFar, ParetoSetSoFar } from '../service/report-study.ts';
import type { StoredStudy, StoredTrial } from '../service/read-history.ts';

/** The body of `trials:suggest`. */
export const suggestBodySchema = strictObject({
  count: wholeNumberSchema(1, 100).default(1),
});

/** The body of `trials/{number}:complete`. */
export const completeBodySchema = strictObject({ metrics: observationsSchema });

const LONGEST_NOTE = 1000;
const NOTE_LENGTH = `expected text of 1 to ${LONGEST_NOTE} characters`;

/** The body of `POST trials`. */
export const attachBodySchema = strictObject({
  weights: z.record(nameSchema, numberSchema, { error: 'expected a mapping NAME: number' }).optional(),
  replicateOf: z.int().min(0).optional(),
  metrics: observationsSchema.optional(),
  note: z.string().min(1, NOTE_LENGTH).max(LONGEST_NOTE, NOTE_LENGTH).optional(),
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

export const trialNumberSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A study as the interface shows it. */
export function studyResource({ definition, createdAt }: StoredStudy) {
  return { id: definition.name, createdAt, definition };
}

/** A trial as the interface shows it. */
export function trialResource(trial: StoredTrial) {
  const { number, state, weights, observations, provenance, createdAt, completedAt } = trial;
  return { number, state, weights, metrics: observations, provenance, createdAt, completedAt };
}

/** The answer of `trials:best`: all null before anything is measured. */
export function bestTrialResource(best: BestTrialSoFar | null) {
  if (best === null) return { trial: null, feasible: null, rule: null };
  return { trial: trialResource(best.trial), feasible: best.feasible, rule: best.rule };
}

/** The answer of `trials:pareto`: without trials before anything is measured. */
export function paretoResource(set: ParetoSetSoFar | null) {
  if (set === null) return { trials: [], hypervolume: null, referencePoint: null };
  const { trials, hypervolume, referencePoint } = set;
  return { trials: trials.map(trialResource), hypervolume, referencePoint };
}
