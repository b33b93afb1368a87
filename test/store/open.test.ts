import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { listApiKeys } from '../../store/api-keys.ts';
import { listDatasets } from '../../store/datasets.ts';
import { findImport } from '../../store/imports.ts';
import { findKey } from '../../store/idempotency-keys.ts';
import { listNotes } from '../../store/notes.ts';
import { openStore } from '../../store/open.ts';
import { getManagedStudy, isNameOfDeleted } from '../../store/study-states.ts';
import { findSweep } from '../../store/sweeps.ts';
import { listEvents } from '../../store/events.ts';
import { listExperiments } from '../../store/experiments.ts';
import { latestReadouts } from '../../store/readouts.ts';
import { endTrial } from '../../store/trial-states.ts';
import { findStudy, insertStudy, listStudies } from '../../store/studies.ts';
import { completeTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study, trial, UNSAID } from './study-for-the-store.ts';

/** Made by `openStore` at schema 0001: one study, a completed baseline, a running trial. Never made again. */
const SCHEMA_0001 = fixture('0001');

/** The same at schema 0002: one study more, a standard error of a change, an attached trial. */
const SCHEMA_0002 = fixture('0002');

/** The same at schema 0007: leases, events, a note, a key, an answer under a key, an archived and a deleted study. */
const SCHEMA_0007 = fixture('0007');

/** At schema 0010: a dataset, a sweep, an import, an experiment and its readout past a gate. */
const SCHEMA_0010 = fixture('0010');

function fixture(schema: string): string {
  return fileURLToPath(new URL(`../../../test/store/fixtures/schema-${schema}.sqlite`, import.meta.url));
}

async function refusalOf(file: string): Promise<DomainError> {
  const error = await openStore(file).catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(DomainError);
  return error as DomainError;
}

describe('openStore', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('makes a database that says whose it is, and that acknowledges only what is on disk', async () => {
    const store = await openStore(folder.file('a.db'));
    await store.destroy();
    const db = new SqliteDatabase(folder.file('a.db'), { readonly: true });
    expect(db.pragma('application_id', { simple: true })).to.equal(0x706f6e64);
    expect(db.pragma('journal_mode', { simple: true })).to.equal('wal');
    db.close();
  });

  it('enforces foreign keys', async () => {
    const store = await openStore(folder.file('a.db'));
    const orphan = { study_id: 'none', trial_number: 1, metric: 'm', mean: 1, sem: null };
    const error = await store
      .insertInto('observations')
      .values(orphan)
      .execute()
      .catch((reason: unknown) => reason);
    expect((error as Error).message).to.include('FOREIGN KEY');
    await store.destroy();
  });

  it('opens a database of schema 0001 with all that is in it', async () => {
    copyFileSync(SCHEMA_0001, folder.file('old.db'));
    const store = await openStore(folder.file('old.db'));
    expect(await findStudy(store, 'fixture')).to.deep.equal({
      definition: study('fixture'),
      logFingerprint: 'ab12',
      createdAt: NOW,
    });
    expect(await listTrials(store, 'fixture')).to.deep.equal([
      {
        ...trial(0, 0.5),
        state: 'completed',
        observations: { revenue: { mean: 5e-324, sem: null }, cost: { mean: -1.5, sem: 0.25 } },
        createdAt: NOW,
        completedAt: NOW,
        ...UNSAID,
      },
      { ...trial(1), state: 'running', observations: {}, createdAt: NOW, completedAt: null, ...UNSAID },
    ]);
    expect(await insertTrials(store, 'fixture', [trial(2)], NOW)).to.equal(1);
    await store.destroy();
  });

  it('opens a database of schema 0002 with all that is in it, and a log of what happened as far as it is known', async () => {
    copyFileSync(SCHEMA_0002, folder.file('old.db'));
    const store = await openStore(folder.file('old.db'));
    expect((await listStudies(store)).map(({ definition }) => definition.name)).to.deep.equal([
      'fixture',
      'other',
    ]);
    const attached = { generator: 'attached', reason: 'weights given by the client', note: 'of last year' };
    const stored = { createdAt: NOW, ...UNSAID };
    expect(await listTrials(store, 'fixture')).to.deep.equal([
      {
        ...trial(0, 0.5),
        ...stored,
        state: 'completed',
        observations: {
          revenue: { mean: 5e-324, sem: null },
          cost: { mean: -1.5, sem: 0.25, changeSem: 0.125 },
        },
        completedAt: NOW,
      },
      { ...trial(1), ...stored, state: 'running', observations: {}, completedAt: null },
      {
        ...trial(2, 0.75),
        ...stored,
        provenance: { ...trial(2).provenance, ...attached },
        state: 'completed',
        observations: { revenue: { mean: 2, sem: 0 } },
        completedAt: NOW,
      },
    ]);
    expect((await listTrials(store, 'other')).map(({ weights }) => weights)).to.deep.equal([null]);
    const events = await listEvents(store, 'fixture', 0, 100);
    expect(events.map(({ sequence, kind, trial: number }) => [sequence, kind, number])).to.deep.equal([
      [1, 'study_created', null],
      [2, 'trial_suggested', 0],
      [3, 'trial_suggested', 1],
      [4, 'trial_attached', 2],
      [5, 'trial_completed', 0],
      [6, 'trial_completed', 2],
    ]);
    for (const event of events) expect(event).to.include({ at: NOW, actor: 'migration' });
    expect(await listEvents(store, 'other', 0, 100)).to.have.length(2);
    expect(await endTrial(store, 'fixture', 1, 'fail', { reason: 'broken', at: NOW })).to.equal(true);
    await store.destroy();
  });

  it('opens a database of schema 0007 with all that is in it, and without datasets, sweeps or experiments', async () => {
    copyFileSync(SCHEMA_0007, folder.file('old.db'));
    const store = await openStore(folder.file('old.db'));
    expect((await listStudies(store)).map(({ definition }) => definition.name)).to.deep.equal([
      'fixture',
      'other',
    ]);
    expect(await isNameOfDeleted(store, 'gone')).to.equal(true);
    expect(await getManagedStudy(store, 'fixture')).to.include({ revision: 2, description: 'of last year' });
    expect((await getManagedStudy(store, 'other')).archivedAt).to.equal(NOW);
    const leased = { clientId: 'c1', createdAt: NOW };
    expect(await listTrials(store, 'fixture')).to.deep.equal([
      {
        ...trial(0, 0.5),
        ...UNSAID,
        ...leased,
        state: 'completed',
        observations: { revenue: { mean: 5e-324, sem: null }, cost: { mean: -1.5, sem: 0.25, n: 7 } },
        completedAt: NOW,
      },
      {
        ...trial(1),
        ...leased,
        leaseExpiresAt: 1_767_323_045_678,
        reason: null,
        state: 'running',
        observations: {},
        completedAt: null,
      },
      {
        ...trial(2, 0.75),
        ...UNSAID,
        ...leased,
        reason: 'broken',
        state: 'failed',
        observations: {},
        completedAt: NOW,
      },
    ]);
    expect((await listEvents(store, 'fixture', 0, 100)).map(({ kind }) => kind)).to.deep.equal([
      'study_created',
      'trial_suggested',
      'trial_suggested',
      'trial_suggested',
      'trial_completed',
    ]);
    expect(await listNotes(store, 'fixture', 0)).to.deep.equal([
      { number: 1, at: NOW, author: 'ann', text: 'hello' },
    ]);
    expect((await listApiKeys(store)).map(({ name }) => name)).to.deep.equal(['ann']);
    const key = { owner: 'ann', keyHash: 'k', requestHash: 'r' };
    expect((await findKey(store, key))?.answer).to.deep.equal({ status: 200, location: null, body: '{}' });
    expect(await listDatasets(store)).to.deep.equal([]);
    expect(await findSweep(store, 'fixture')).to.equal(undefined);
    expect(await listExperiments(store, 'fixture')).to.deep.equal([]);
    expect(await latestReadouts(store, 'fixture')).to.deep.equal([]);
    await store.destroy();
  });

  it('opens a database of schema 0010 with all that is in it, and no reason of what was forced', async () => {
    copyFileSync(SCHEMA_0010, folder.file('old.db'));
    const store = await openStore(folder.file('old.db'));
    expect((await listDatasets(store)).map(({ name, rows }) => [name, rows])).to.deep.equal([['feed', 3]]);
    expect(await findSweep(store, 'fixture')).to.include({
      state: 'completed',
      dataset: 'feed',
      workedMs: 3,
    });
    expect(await findImport(store, { owner: 'ann', keyHash: 'k' })).to.include({ trials: 2, isWhole: true });
    const [experiment] = await listExperiments(store, 'fixture');
    expect(experiment).to.include({ name: 'fixture-1', state: 'read_out' });
    expect(experiment!.arms.map(({ weights }) => weights)).to.deep.equal([
      { a: 0.5, b: 0.5 },
      { a: 1 / 3, b: 1 - 1 / 3 },
    ]);
    expect(experiment!.provenance).to.deep.include({ seed: 7, spreads: null });
    const [stored] = await latestReadouts(store, 'fixture');
    expect(stored).to.deep.include({ revision: 1, forced: ['sample_ratio'], forceReason: null });
    expect(stored!.readout.units).to.deep.equal({ baseline: 3, a: 2 });
    await store.destroy();
  });

  it('lets two connections write by turns: each sees what the other has stored', async () => {
    const first = await openStore(folder.file('a.db'));
    const second = await openStore(folder.file('a.db'));
    await insertStudy(first, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    expect(await insertTrials(first, 'one', [trial(1, 0.1), trial(2, 0.2)], NOW)).to.equal(2);
    expect(await insertTrials(second, 'one', [trial(2, 0.9), trial(3, 0.3)], NOW)).to.equal(1);
    const observations = { revenue: { mean: 1, sem: null } };
    expect(await completeTrial(second, 'one', 1, observations, NOW)).to.equal(true);
    expect(await completeTrial(first, 'one', 1, observations, NOW)).to.equal(false);
    expect(await listTrials(second, 'one')).to.deep.equal(await listTrials(first, 'one'));
    await Promise.all([first.destroy(), second.destroy()]);
  });

  it('leaves a database that it has just refused as it was', async () => {
    folder.write(
      'text.db',
      'this is no database, however long it may be; it only says so, again and again\n'.repeat(20),
    );
    const before = folder.contents();
    const { code, line } = await refusalOf(folder.file('text.db'));
    expect(code).to.equal('database_invalid');
    expect(line).to.equal(
      `${folder.file('text.db')}: is not an SQLite database: expected a database of pondera or a new file`,
    );
    expect(folder.contents()).to.deep.equal(before);
  });

  it('refuses a database that is cut', async () => {
    const store = await openStore(folder.file('a.db'));
    for (let i = 0; i < 50; i++) {
      await insertStudy(store, { definition: study(`study-${i}`), logFingerprint: null, createdAt: NOW });
    }
    await store.destroy();
    const whole = Buffer.from(folder.contents()['a.db']!, 'base64');
    folder.write('cut.db', whole.subarray(0, whole.length >> 1));
    const { line } = await refusalOf(folder.file('cut.db'));
    expect(line).to.equal(
      `${folder.file('cut.db')}: is damaged: expected an intact database (restore a backup)`,
    );
  });

  it('takes an empty file for a new database', async () => {
    folder.write('empty.db', '');
    const store = await openStore(folder.file('empty.db'));
    expect(await listStudies(store)).to.deep.equal([]);
    await store.destroy();
  });
});
