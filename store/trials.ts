import { z } from 'zod';
import { DomainError } from '../src/domain/errors.ts';
import { parseWith } from '../src/domain/schema.ts';
import { type Observations, provenanceSchema, type Trial, type TrialState } from '../src/domain/trial.ts';
import { insertObservations, observationsByTrial } from './observations.ts';
import { inReadTransaction, inTransaction, type Store } from './open.ts';

const weightsSchema = z.record(z.string(), z.number());

/** A trial as stored. The times are ISO 8601, for people: nothing is computed from them. */
export interface StoredTrial extends Trial {
  readonly createdAt: string;
  /** Null until the trial is completed. */
  readonly completedAt: string | null;
}

/** A trial to store, with no observations yet. */
export type NewTrial = Pick<Trial, 'number' | 'weights' | 'provenance'>;

/**
 * Stores running trials in one transaction.
 *
 * Where another process was faster, its trials of the same numbers stand and these are dropped;
 * returns how many were stored.
 */
export async function insertTrials(
  store: Store,
  studyId: string,
  trials: readonly NewTrial[],
  createdAt: string,
): Promise<number> {
  if (trials.length === 0) return 0;
  const rows = trials.map(({ number, weights, provenance }) => ({
    study_id: studyId,
    number,
    state: 'running' as const,
    weights: weights === null ? null : JSON.stringify(weights),
    provenance: JSON.stringify(provenance),
    created_at: createdAt,
    completed_at: null,
  }));
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('trials')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

/** Completes a running trial with its observations, in one transaction. Returns false where it was not running. */
export async function completeTrial(
  store: Store,
  studyId: string,
  number: number,
  observations: Readonly<Observations>,
  completedAt: string,
): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('trials')
      .set({ state: 'completed', completed_at: completedAt })
      .where('study_id', '=', studyId)
      .where('number', '=', number)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await insertObservations(transaction, studyId, number, observations);
    return true;
  });
}

/** All trials of a study by number. */
export async function listTrials(store: Store, studyId: string): Promise<readonly StoredTrial[]> {
  return inReadTransaction(store, async (transaction) => {
    const rows = await transaction
      .selectFrom('trials')
      .select(['number', 'state', 'weights', 'provenance', 'created_at', 'completed_at'])
      .where('study_id', '=', studyId)
      .orderBy('number')
      .execute();
    const observations = await observationsByTrial(transaction, studyId);
    return rows.map((row) => fromRow(row, observations.get(row.number) ?? {}));
  });
}

/** One trial, or `trial_not_found`. */
export async function getTrial(store: Store, studyId: string, number: number): Promise<StoredTrial> {
  return inReadTransaction(store, async (transaction) => {
    const row = await transaction
      .selectFrom('trials')
      .select(['number', 'state', 'weights', 'provenance', 'created_at', 'completed_at'])
      .where('study_id', '=', studyId)
      .where('number', '=', number)
      .executeTakeFirst();
    if (row === undefined) {
      throw new DomainError('trial_not_found', `study "${studyId}" has no trial ${number}`);
    }
    const observations = await observationsByTrial(transaction, studyId, number);
    return fromRow(row, observations.get(number) ?? {});
  });
}

interface TrialRow {
  readonly number: number;
  readonly state: TrialState;
  readonly weights: string | null;
  readonly provenance: string;
  readonly created_at: string;
  readonly completed_at: string | null;
}

function fromRow(row: TrialRow, observations: Readonly<Observations>): StoredTrial {
  return {
    number: row.number,
    state: row.state,
    weights: row.weights === null ? null : column(row, 'weights', row.weights, weightsSchema),
    provenance: column(row, 'provenance', row.provenance, provenanceSchema),
    observations,
    createdAt: row.created_at,
    completedAt: row.completed_at,
  };
}

function column<Schema extends z.ZodType>(
  { number }: TrialRow,
  name: string,
  json: string,
  schema: Schema,
): z.output<Schema> {
  try {
    return parseWith(schema, JSON.parse(json), 'database_invalid');
  } catch (error) {
    const reason = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError(
      'database_invalid',
      `the ${name} of trial ${number} as stored cannot be read: ${reason}`,
    );
  }
}
