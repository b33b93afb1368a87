import { z } from 'zod';
import { strictObject } from '../domain/schema.ts';
import { observationsSchema, type Trial } from '../domain/trial.ts';
import type { StoredStudy } from '../service/read-history.ts';

/** The body of `trials:suggest`. */
export const suggestBodySchema = strictObject({
  count: z.int().min(1).max(100).default(1),
});

/** The body of `trials/{number}:complete`. */
export const completeBodySchema = strictObject({ metrics: observationsSchema });

export const trialNumberSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A study as the interface shows it. */
export function studyResource({ definition, createdAt }: StoredStudy) {
  return { id: definition.name, createdAt, definition };
}

/** A trial as the interface shows it. */
export function trialResource({ number, state, weights, provenance, observations }: Trial) {
  return { number, state, weights, metrics: observations, provenance };
}
