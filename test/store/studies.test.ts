import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { openStore, type Store } from '../../store/open.ts';
import { findStudy, getStudy, insertStudy, listStudies, updateDefinition } from '../../store/studies.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study } from './study-for-the-store.ts';

describe('the store of studies', () => {
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

  it('finds a study as it was inserted, also after it is opened again', async () => {
    const stored = { definition: study('one'), logFingerprint: 'ab12', createdAt: NOW };
    expect(await insertStudy(store, stored)).to.equal(true);
    expect(await findStudy(store, 'one')).to.deep.equal(stored);
    await store.destroy();
    store = await openStore(folder.file('a.db'));
    expect(await getStudy(store, 'one')).to.deep.equal(stored);
  });

  it('keeps the first of two studies of one name', async () => {
    const first = { definition: study('one'), logFingerprint: null, createdAt: NOW };
    await insertStudy(store, first);
    const second = { ...first, definition: { ...study('one'), seed: 9 } };
    expect(await insertStudy(store, second)).to.equal(false);
    expect(await findStudy(store, 'one')).to.deep.equal(first);
  });

  it('lists studies by name', async () => {
    for (const name of ['b', 'c', 'a']) {
      await insertStudy(store, { definition: study(name), logFingerprint: null, createdAt: NOW });
    }
    expect((await listStudies(store)).map(({ definition }) => definition.name)).to.deep.equal([
      'a',
      'b',
      'c',
    ]);
  });

  for (const id of ['__proto__', 'constructor', 'toString', "'; drop table studies; --", '', 'é\u0000']) {
    it(`has no study named ${JSON.stringify(id)}, and says so`, async () => {
      expect(await findStudy(store, id)).to.equal(undefined);
      const error = await getStudy(store, id).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(DomainError);
      expect((error as DomainError).code).to.equal('study_not_found');
      expect((error as DomainError).message).to.equal(`no study is named "${id}"`);
    });
  }

  it('keeps studies apart whose names a prototype has', async () => {
    for (const name of ['constructor', 'prototype', 'tostring', 'valueof']) {
      await insertStudy(store, { definition: study(name), logFingerprint: name, createdAt: NOW });
    }
    expect((await getStudy(store, 'constructor')).logFingerprint).to.equal('constructor');
    expect((await listStudies(store)).length).to.equal(4);
  });

  it('replaces the definition of one study only', async () => {
    for (const name of ['a', 'b']) {
      await insertStudy(store, { definition: study(name), logFingerprint: null, createdAt: NOW });
    }
    await updateDefinition(store, { ...study('a'), budget: 12 });
    expect((await getStudy(store, 'a')).definition.budget).to.equal(12);
    expect((await getStudy(store, 'b')).definition.budget).to.equal(undefined);
  });
});
