import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  findApiKey,
  hasApiKeys,
  insertApiKey,
  listApiKeys as storedKeys,
  revokeApiKey as storeRevocation,
  type StoredApiKey,
} from '../../store/api-keys.ts';
import type { Store } from '../../store/open.ts';
import { type ApiKey, checkKeyName, type Scope } from '../domain/api-key.ts';
import { DomainError } from '../domain/errors.ts';
import type { Clock } from './clock.ts';

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const KEY = /^pnd_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** Compared with where no key has the identifier, so that an unknown key takes as long as a wrong one. */
const NO_HASH = Buffer.alloc(32);

/**
 * Makes a key, `pnd_ID_SECRET` with 256 random bits of secret, and stores its SHA-256 alone.
 *
 * Throws `key_invalid` for a name that is none or that a valid key has.
 */
export async function createApiKey(
  store: Store,
  name: string,
  scope: Scope,
  clock: Clock,
): Promise<{ readonly key: string; readonly apiKey: ApiKey }> {
  checkKeyName(name);
  const id = randomBytes(ID_BYTES).toString('hex');
  const key = `pnd_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const apiKey: ApiKey = { id, name, scope, createdAt: clock(), revokedAt: null };
  if (!(await insertApiKey(store, { ...apiKey, hash: sha256(key).toString('hex') }))) {
    throw new DomainError('key_invalid', `a key is already named "${name}": expected another name`);
  }
  return { key, apiKey };
}

/** The valid key that this text is, compared in constant time; undefined where it is none, unknown or revoked. */
export async function authenticate(store: Store, text: string): Promise<ApiKey | undefined> {
  const id = KEY.exec(text)?.[1];
  if (id === undefined) return undefined;
  const stored = await findApiKey(store, id);
  const expected = stored === undefined ? NO_HASH : Buffer.from(stored.hash, 'hex');
  const isEqual = timingSafeEqual(sha256(text), expected);
  if (!isEqual || stored === undefined || stored.revokedAt !== null) return undefined;
  return withoutHash(stored);
}

/** Whether requests need a key: from the first one on that is made, also when all are revoked. */
export function keysAreNeeded(store: Store): Promise<boolean> {
  return hasApiKeys(store);
}

/** All keys without their hashes, the oldest first. */
export async function listApiKeys(store: Store): Promise<readonly ApiKey[]> {
  return (await storedKeys(store)).map(withoutHash);
}

/** Revokes the valid key of this identifier or name, or throws `key_invalid`. A running service refuses it at once. */
export async function revokeApiKey(store: Store, idOrName: string, clock: Clock): Promise<void> {
  if (await storeRevocation(store, idOrName, clock())) return;
  throw new DomainError(
    'key_invalid',
    `no valid key has the name or identifier "${idOrName.slice(0, 64)}": expected one of "pondera keys list"`,
  );
}

function withoutHash({ id, name, scope, createdAt, revokedAt }: StoredApiKey): ApiKey {
  return { id, name, scope, createdAt, revokedAt };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
