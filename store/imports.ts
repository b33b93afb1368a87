import type { Store } from './open.ts';

/** Whose import it is, by the key that its client gave it: a hash, SHA-256. */
export interface ImportKey {
  readonly owner: string;
  readonly keyHash: string;
}

/** How far an import has come. */
export interface ImportProgress {
  readonly studyId: string;
  /** How many of its trials are stored. */
  readonly trials: number;
  /** Of the lines of these trials. */
  readonly digest: string;
  /** The numbers of the first and the last of them. */
  readonly first: number;
  readonly last: number;
  /** Whether it has reached the end of its lines. */
  readonly isWhole: boolean;
}

export async function findImport(
  store: Store,
  { owner, keyHash }: ImportKey,
): Promise<ImportProgress | undefined> {
  const row = await store
    .selectFrom('imports')
    .selectAll()
    .where('owner', '=', owner)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { study_id: studyId, trials, digest, first_number: first, last_number: last } = row;
  return { studyId, trials, digest, first, last, isWhole: row.is_whole === 1 };
}

/**
 * Stores how far an import has come, where it is still as far as it was seen to be. In the transaction of its trials.
 *
 * Returns false where another request has stored more of it.
 */
export async function advanceImport(
  store: Store,
  { owner, keyHash }: ImportKey,
  seen: ImportProgress | undefined,
  reached: ImportProgress,
  now: number,
): Promise<boolean> {
  const values = {
    study_id: reached.studyId,
    trials: reached.trials,
    digest: reached.digest,
    first_number: reached.first,
    last_number: reached.last,
    is_whole: reached.isWhole ? 1 : 0,
    stored_at: now,
  };
  if (seen === undefined) {
    const { numInsertedOrUpdatedRows } = await store
      .insertInto('imports')
      .values({ owner, key_hash: keyHash, ...values })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { numUpdatedRows } = await store
    .updateTable('imports')
    .set(values)
    .where('owner', '=', owner)
    .where('key_hash', '=', keyHash)
    .where('trials', '=', seen.trials)
    .where('digest', '=', seen.digest)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Forgets the imports that have stored nothing since a time. */
export async function forgetImportsBefore(store: Store, time: number): Promise<void> {
  await store.deleteFrom('imports').where('stored_at', '<', time).execute();
}
