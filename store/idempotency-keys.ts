import type { Store } from './open.ts';

/** A key of one client, and what it was used for: hashes, SHA-256. */
export interface IdempotencyKey {
  readonly owner: string;
  readonly keyHash: string;
  /** Of method, path and body. */
  readonly requestHash: string;
}

/** What a request was answered with, as it was sent. */
export interface StoredAnswer {
  readonly status: number;
  readonly location: string | null;
  /** JSON. */
  readonly body: string;
}

/** A key as stored: answered, or worked on by a process. */
export interface KeyRecord {
  readonly requestHash: string;
  readonly instance: string | null;
  readonly answer: StoredAnswer | null;
}

export async function findKey(
  store: Store,
  { owner, keyHash }: Pick<IdempotencyKey, 'owner' | 'keyHash'>,
): Promise<KeyRecord | undefined> {
  const row = await store
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('owner', '=', owner)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { request_hash: requestHash, instance, status, location, answer } = row;
  const known = status === null || answer === null ? null : { status, location, body: answer };
  return { requestHash, instance, answer: known };
}

/** Takes the key for a process, whoever worked on it before. */
export async function takeKey(
  store: Store,
  { owner, keyHash, requestHash }: IdempotencyKey,
  instance: string,
  now: number,
): Promise<void> {
  const values = { request_hash: requestHash, instance, created_at: now };
  await store
    .insertInto('idempotency_keys')
    .values({ owner, key_hash: keyHash, ...values })
    .onConflict((conflict) => conflict.columns(['owner', 'key_hash']).doUpdateSet(values))
    .execute();
}

/** Stores the answer of a key that the process still has. Returns false where another has taken it. */
export async function answerKey(
  store: Store,
  { owner, keyHash }: IdempotencyKey,
  instance: string,
  { status, location, body }: StoredAnswer,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('idempotency_keys')
    .set({ instance: null, status, location, answer: body })
    .where('owner', '=', owner)
    .where('key_hash', '=', keyHash)
    .where('instance', '=', instance)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Forgets a key that the process has not answered. */
export async function releaseKey(
  store: Store,
  { owner, keyHash }: IdempotencyKey,
  instance: string,
): Promise<void> {
  await store
    .deleteFrom('idempotency_keys')
    .where('owner', '=', owner)
    .where('key_hash', '=', keyHash)
    .where('instance', '=', instance)
    .execute();
}

/** Forgets the keys that were taken before a time. */
export async function forgetKeysBefore(store: Store, time: number): Promise<void> {
  await store.deleteFrom('idempotency_keys').where('created_at', '<', time).execute();
}
