import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { backUp, restore } from '../../store/backup.ts';
import { checkIntegrity } from '../../store/integrity.ts';
import { openStore, type Store } from '../../store/open.ts';
import { insertStudy, listStudies } from '../../store/studies.ts';
import { completeTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study, trial } from './study-for-the-store.ts';

const TRIALS = 60;

async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError).with.property('code', 'database_invalid');
    return (error as DomainError).line;
  }
  throw new Error('it was not refused');
}

describe('a backup', () => {
  let folder: TemporaryFolder;
  let store: Store;
  let [file, target, restored] = ['', '', ''];
  beforeEach(async () => {
    folder = temporaryFolder();
    [file, target, restored] = [folder.file('a.db'), folder.file('backup.db'), folder.file('restored.db')];
    store = await openStore(file);
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    const trials = Array.from({ length: TRIALS }, (_, i) => trial(i));
    await insertTrials(store, 'one', trials, NOW);
    await completeTrial(store, 'one', 3, { revenue: { mean: 0.1 + 0.2, sem: 5e-324 } }, NOW);
  });
  afterEach(async () => {
    await store.destroy();
    folder.remove();
  });

  it('of a database in use is one sound file, from which everything is restored', async () => {
    const content = await backUp(file, target);
    expect(content).to.deep.include({ studies: 1, trials: TRIALS });
    const before = { studies: await listStudies(store), trials: await listTrials(store, 'one') };
    await insertTrials(store, 'one', [trial(TRIALS)], NOW);
    expect(Object.keys(folder.contents()).filter((name) => name.startsWith('backup'))).to.deep.equal([
      'backup.db',
    ]);
    expect(await restore(target, restored)).to.deep.equal(content);
    const again = await openStore(restored);
    expect({ studies: await listStudies(again), trials: await listTrials(again, 'one') }).to.deep.equal(
      before,
    );
    await again.destroy();
  });

  it('while another writes has one state of it: all of a transaction or nothing', async () => {
    let written = TRIALS;
    const over = new AbortController();
    const writing = (async () => {
      while (!over.signal.aborted) {
        await insertTrials(store, 'one', [trial(written), trial(written + 1)], NOW);
        written += 2;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    try {
      for (let i = 0; i < 5; i++) {
        const { trials } = await backUp(file, folder.file(`backup-${i}.db`));
        expect(trials % 2).to.equal(0);
      }
    } finally {
      over.abort();
      await writing;
    }
    expect(written, 'nothing was written meanwhile').to.be.greaterThan(TRIALS);
  });

  it('replaces no file, and leaves what is there as it is', async () => {
    folder.write('backup.db', 'precious');
    expect(await refusalOf(() => backUp(file, target))).to.equal(
      `${target}: exists: expected a new file (move the old one away)`,
    );
    expect(await refusalOf(() => backUp(file, file))).to.contain('exists: expected a new file');
    expect(Buffer.from(folder.contents()['backup.db']!, 'base64').toString()).to.equal('precious');
  });

  it('is refused where its folder does not exist, and leaves nothing behind where it fails', async () => {
    const nowhere = folder.file('nowhere/backup.db');
    expect(await refusalOf(() => backUp(file, nowhere))).to.equal(
      `${nowhere}: its folder does not exist: expected an existing folder`,
    );
    const names = Object.keys(folder.contents());
    const other = new SqliteDatabase(folder.file('other.db'));
    other.exec('create table bookmarks (url text)');
    other.close();
    // A database without a mark may be new; that it has no tables of ours is seen in the copy.
    expect(await refusalOf(() => backUp(folder.file('other.db'), target))).to.equal(
      `${target}: the copy has no tables of pondera: expected a database of pondera`,
    );
    expect(Object.keys(folder.contents())).to.deep.equal([...names, 'other.db']);
  });

  it('is restored over no database, nor beside what SQLite would take for a part of it', async () => {
    await backUp(file, target);
    expect(await refusalOf(() => restore(target, file))).to.equal(
      `${file}: exists: expected a new file (move the old one away)`,
    );
    folder.write('restored.db-wal', 'left over');
    expect(await refusalOf(() => restore(target, restored))).to.equal(
      `${restored}-wal: exists: expected a new file (move the old one away)`,
    );
    expect(existsSync(restored)).to.equal(false);
  });

  it('is not the database of a service that runs', async () => {
    expect(await refusalOf(() => restore(file, restored))).to.equal(
      `${file}: is in use or was not closed, ${file}-wal lies beside it: expected a file of "pondera db backup"`,
    );
  });

  it('that is cut, damaged inside or another program’s is not restored', async () => {
    await backUp(file, target);
    const whole = Buffer.from(folder.contents()['backup.db']!, 'base64');
    folder.write('cut.db', whole.subarray(0, 3 * 4096));
    const torn = Buffer.from(whole);
    torn.fill(0xff, 4096 * 4, 4096 * 7);
    folder.write('torn.db', torn);
    const marked = Buffer.from(whole);
    marked.writeUInt32BE(7, 68);
    folder.write('marked.db', marked);
    expect(await refusalOf(() => restore(folder.file('cut.db'), restored))).to.match(
      /damaged.*restore a backup/,
    );
    expect(await refusalOf(() => restore(folder.file('torn.db'), restored))).to.match(
      /damaged.*restore a backup/,
    );
    expect(await refusalOf(() => restore(folder.file('marked.db'), restored))).to.contain(
      'is an SQLite database, but not one of pondera',
    );
    expect(Object.keys(folder.contents()).filter((name) => name.includes('restored'))).to.deep.equal([]);
  });

  it('cannot be made over a folder', async () => {
    mkdirSync(folder.file('folder'));
    expect(await refusalOf(() => backUp(file, folder.file('folder')))).to.contain('exists');
  });
});

describe('the check of a database', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('finds it intact, changes nothing and can be done while it is in use', async () => {
    const store = await openStore(folder.file('a.db'));
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    expect(checkIntegrity(folder.file('a.db'))).to.deep.include({ studies: 1, trials: 0 });
    await store.destroy();
    const before = folder.contents();
    expect(checkIntegrity(folder.file('a.db'))).to.deep.include({ studies: 1, trials: 0 });
    expect(folder.contents()).to.deep.equal(before);
  });

  it('finds rows that belong to nothing', async () => {
    await (await openStore(folder.file('a.db'))).destroy();
    const db = new SqliteDatabase(folder.file('a.db'));
    db.pragma('foreign_keys = OFF');
    for (const metric of ['a', 'b']) {
      db.prepare('insert into observations (study_id, trial_number, metric, mean) values (?, 1, ?, 1)').run(
        'none',
        metric,
      );
    }
    db.close();
    expect(await refusalOf(() => checkIntegrity(folder.file('a.db')))).to.equal(
      `${folder.file('a.db')}: is damaged, a row of observations belongs to none of trials (and 1 more): ` +
        'expected an intact database (restore a backup)',
    );
  });

  it('finds an index that does not go with its table', async () => {
    const store = await openStore(folder.file('a.db'));
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    await store.destroy();
    const db = new SqliteDatabase(folder.file('a.db'));
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    db.prepare("delete from sqlite_schema where name = 'trials_running'").run();
    db.close();
    copyFileSync(folder.file('a.db'), folder.file('b.db'));
    expect(await refusalOf(() => checkIntegrity(folder.file('b.db')))).to.match(
      /is damaged, .*never used.*expected an intact database/,
    );
  });

  it('does not take a database that was moved away for a new one', async () => {
    await (await openStore(folder.file('a.db'))).destroy();
    renameSync(folder.file('a.db'), folder.file('b.db'));
    expect(await refusalOf(() => checkIntegrity(folder.file('a.db')))).to.contain('does not exist');
    expect(existsSync(folder.file('a.db'))).to.equal(false);
  });
});
