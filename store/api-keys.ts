import type { ApiKey } from '../src/domain/api-key.ts';
import type { Store } from './open.ts';

/** A key as stored. Its secret is not. */
export interface StoredApiKey extends ApiKey {
  /** SHA-256 of the whole key, 64 hexadecimal digits. */
  readonly hash: string;
}

/** Stores a key, unless a valid one has its name. Returns whether it was stored. */
export async function insertApiKey(store: Store, key: StoredApiKey): Promise<boolean> {
  const { id, name, scope, hash, createdAt, revokedAt } = key;
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('api_keys')
    .values({ id, name, scope, hash, created_at: createdAt, revoked_at: revokedAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The key of this identifier, revoked or not. */
export async function findApiKey(store: Store, id: string): Promise<StoredApiKey | undefined> {
  const row = await store.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** All keys, the oldest first. */
export async function listApiKeys(store: Store): Promise<readonly StoredApiKey[]> {
  const rows = await store.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map(fromRow);
}

/** Whether there ever was a key: those that are revoked count. */
export async function hasApiKeys(store: Store): Promise<boolean> {
  return (await store.selectFrom('api_keys').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Revokes the valid key of this identifier or name. Returns whether there was one. */
export async function revokeApiKey(store: Store, idOrName: string, revokedAt: string): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('api_keys')
    .set({ revoked_at: revokedAt })
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('id', '=', idOrName), where('name', '=', idOrName)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly scope: ApiKey['scope'];
  readonly hash: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

function fromRow({ created_at, revoked_at, ...row }: ApiKeyRow): StoredApiKey {
  return { ...row, createdAt: created_at, revokedAt: revoked_at };
}
