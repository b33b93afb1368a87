import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { grants, SCOPES } from '../../src/domain/api-key.ts';
import {
  authenticate,
  createApiKey,
  keysAreNeeded,
  listApiKeys,
  revokeApiKey,
} from '../../src/service/api-keys.ts';
import { openStore, type Store } from '../../store/open.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';

const NOW = '2026-01-02T03:04:05.678Z';
const clock = (): string => NOW;

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(DomainError).with.property('code', 'key_invalid');
  return (error as DomainError).line;
}

describe('API keys', () => {
  let folder: TemporaryFolder;
  let store: Store;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = await openStore(folder.file('a.db'));
  });
  afterEach(async () => {
    await store.destroy();
    folder.remove();
  });

  it('are known again, with who they are of and what for', async () => {
    expect(await keysAreNeeded(store)).to.equal(false);
    const { key, apiKey } = await createApiKey(store, 'ci', 'write', clock);
    expect(apiKey).to.deep.include({ name: 'ci', scope: 'write', createdAt: NOW, revokedAt: null });
    expect(key).to.match(new RegExp(`^pnd_${apiKey.id}_[\\w-]{43}$`));
    expect(await authenticate(store, key)).to.deep.equal(apiKey);
    expect(await keysAreNeeded(store)).to.equal(true);
    expect(await listApiKeys(store)).to.deep.equal([apiKey]);
  });

  it('leave no secret in the database', async () => {
    const { key, apiKey } = await createApiKey(store, 'ci', 'write', clock);
    await store.destroy();
    const secret = key.slice(`pnd_${apiKey.id}_`.length);
    const db = new SqliteDatabase(folder.file('a.db'));
    const row = JSON.stringify(db.prepare('select * from api_keys').all());
    db.close();
    expect(row).to.contain(apiKey.id).and.not.contain(secret);
    expect(Buffer.from(folder.contents()['a.db']!, 'base64').includes(secret)).to.equal(false);
    store = await openStore(folder.file('a.db'));
  });

  it('are refused where one character is another, cut, longer or of another key', async () => {
    const { key } = await createApiKey(store, 'one', 'read', clock);
    const { key: other } = await createApiKey(store, 'two', 'admin', clock);
    const at = key.length - 5;
    const wrong = `${key.slice(0, at)}${key[at] === 'A' ? 'B' : 'A'}${key.slice(at + 1)}`;
    const mixed = `${key.slice(0, 17)}${other.slice(17)}`;
    const unknown = `pnd_000000000000_${key.slice(17)}`;
    for (const text of [
      wrong,
      mixed,
      unknown,
      key.slice(0, -1),
      `${key}A`,
      ` ${key}`,
      '',
      'pnd_',
      "' or 1=1 --",
    ]) {
      expect(await authenticate(store, text), text).to.equal(undefined);
    }
  });

  it('are no longer known once revoked, by name or identifier, and go on being needed', async () => {
    const { key, apiKey } = await createApiKey(store, 'ci', 'write', clock);
    await revokeApiKey(store, 'ci', clock);
    expect(await authenticate(store, key)).to.equal(undefined);
    expect(await keysAreNeeded(store), 'a revoked key opens nothing').to.equal(true);
    expect(await listApiKeys(store)).to.deep.equal([{ ...apiKey, revokedAt: NOW }]);
    const again = await createApiKey(store, 'ci', 'read', clock);
    await revokeApiKey(store, again.apiKey.id, clock);
    expect(await authenticate(store, again.key)).to.equal(undefined);
  });

  it('are refused a name that a valid key has, and cannot be revoked twice', async () => {
    await createApiKey(store, 'ci', 'write', clock);
    expect(await refusalOf(createApiKey(store, 'ci', 'read', clock))).to.equal(
      'a key is already named "ci": expected another name',
    );
    expect(await refusalOf(createApiKey(store, '-', 'read', clock))).to.match(/^"-" cannot name a key: /);
    for (const name of ['local', 'cli', 'service', 'migration']) {
      expect(await refusalOf(createApiKey(store, name, 'read', clock))).to.equal(
        `"${name}" cannot name a key, the event log means something else by it: expected another name`,
      );
    }
    await revokeApiKey(store, 'ci', clock);
    expect(await refusalOf(revokeApiKey(store, 'ci', clock))).to.equal(
      'no valid key has the name or identifier "ci": expected one of "pondera keys list"',
    );
  });

  it('may do what those of lower scopes may, and no more', () => {
    const table = SCOPES.map((held) => SCOPES.map((needed) => grants(held, needed)));
    expect(table).to.deep.equal([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });
});
