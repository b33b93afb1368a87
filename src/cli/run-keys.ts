import { checkKeyName, type Scope } from '../domain/api-key.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../service/api-keys.ts';
import type { Clock } from '../service/clock.ts';
import { type Column, textTable } from './text-table.ts';
import { withStore } from './with-store.ts';

/** Prints the new key alone on stdout, and on stderr what it is. */
export async function runKeysCreate(db: string, name: string, scope: Scope, clock: Clock): Promise<void> {
  // Before a database is made for it.
  checkKeyName(name);
  await withStore(db, false, async (store) => {
    const { key, apiKey } = await createApiKey(store, name, scope, clock);
    process.stdout.write(`${key}\n`);
    process.stderr.write(
      `key ${apiKey.id} "${name}" of scope ${scope} is stored in ${db} as its hash alone: it is not shown again\n`,
    );
  });
}

const COLUMNS: readonly Column[] = ['id', 'name', 'scope', 'created', 'revoked'].map((title) => ({
  title,
  align: 'left',
}));

/** Prints a line for each key, the oldest first. */
export async function runKeysList(db: string): Promise<void> {
  await withStore(db, true, async (store) => {
    const rows = (await listApiKeys(store)).map((key) => [
      key.id,
      key.name,
      key.scope,
      key.createdAt,
      key.revokedAt ?? '',
    ]);
    process.stdout.write(rows.length === 0 ? 'there is no key\n' : `${textTable(COLUMNS, rows)}\n`);
  });
}

/** Revokes a key by its name or identifier. */
export async function runKeysRevoke(db: string, key: string, clock: Clock): Promise<void> {
  await withStore(db, true, async (store) => {
    await revokeApiKey(store, key, clock);
    process.stderr.write(`key "${key}" is revoked\n`);
  });
}
