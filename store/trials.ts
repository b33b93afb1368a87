import { DomainError } from '../src/domain/errors.ts';
import { type Lease, NO_LEASE } from '../src/domain/lease.ts';
import type { Observations, Provenance, Weights } from '../src/domain/trial.ts';
import { insertObservations, observationsByTrial } from './observations.ts';
import { inReadTransaction, inTransaction, type Store } from './open.ts';
import { type StoredTrial, TRIAL_COLUMNS, trialOfRow } from './trial-rows.ts';

export type { StoredTrial } from './trial-rows.ts';

/** A trial to store, with no observations yet; without a lease it is nobody's. */
export interface NewTrial {
  readonly number: number;
  readonly weights: Weights | null;
  readonly provenance: Provenance;
}

/** What is stored of every new trial, whatever its state. */
export function newTrialRow(studyId: string, { number, weights, provenance }: NewTrial, createdAt: string) {
  return {
    study_id: studyId,
    number,
    weights: weights === null ? null : JSON.stringify(weights),
    generator: provenance.generator,
    provenance: JSON.stringify(provenance),
    created_at: createdAt,
  };
}

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
  { clientId, leaseExpiresAt }: Lease = NO_LEASE,
): Promise<number> {
  if (trials.length === 0) return 0;
  const rows = trials.map((trial) => ({
    ...newTrialRow(studyId, trial, createdAt),
    state: 'running' as const,
    client_id: clientId,
    lease_expires_at: leaseExpiresAt,
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
      .set({ state: 'completed', completed_at: completedAt, lease_expires_at: null })
      .where('study_id', '=', studyId)
      .where('number', '=', number)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await insertObservations(transaction, studyId, number, observations);
    return true;
  });
}

/** All trials of a study by number, with all that is stored of them. */
export async function listTrials(store: Store, studyId: string): Promise<readonly StoredTrial[]> {
  return inReadTransaction(store, async (transaction) => {
    const rows = await transaction
      .selectFrom('trials')
      .select(TRIAL_COLUMNS)
      .where('study_id', '=', studyId)
      .orderBy('number')
      .execute();
    const observations = await observationsByTrial(transaction, studyId);
    return rows.map((row) => trialOfRow(row, observations.get(row.number) ?? {}));
  });
}

/** One trial, or `trial_not_found`. */
export async function getTrial(store: Store, studyId: string, number: number): Promise<StoredTrial> {
  const trial = await findTrial(store, studyId, number);
  if (trial === undefined) {
    throw new DomainError('trial_not_found', `study "${studyId}" has no trial ${number}`);
  }
  return trial;
}

export async function findTrial(
  store: Store,
  studyId: string,
  number: number,
): Promise<StoredTrial | undefined> {
  return inReadTransaction(store, async (transaction) => {
    const row = await transaction
      .selectFrom('trials')
      .select(TRIAL_COLUMNS)
      .where('study_id', '=', studyId)
      .where('number', '=', number)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const observations = await observationsByTrial(transaction, studyId, [number]);
    return trialOfRow(row, observations.get(number) ?? {});
  });
}

/** How many trials are running, of all studies that are not deleted. */
export async function countRunningTrials(store: Store): Promise<number> {
  const { running } = await store
    .selectFrom('trials')
    .innerJoin('studies', 'studies.id', 'trials.study_id')
    .select((select) => select.fn.countAll<number>().as('running'))
    .where('trials.state', '=', 'running')
    .where('studies.deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return running;
}
