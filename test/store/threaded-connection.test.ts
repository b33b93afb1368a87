import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { openStore } from '../../store/open.ts';
import { insertStudy, listStudies } from '../../store/studies.ts';
import { connectInThread } from '../../store/threaded-connection.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study } from './study-for-the-store.ts';

const CHILD = fileURLToPath(new URL('./forgetful-child.js', import.meta.url));
const PATIENCE_MS = 400;
const LOOP_DELAY_MS = 50;

describe('a connection in a thread of its own', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('holds up nobody while it waits for the lock of another process', async () => {
    const store = await openStore(folder.file('a.db'), PATIENCE_MS);
    const other = new SqliteDatabase(folder.file('a.db'));
    other.exec('begin immediate');
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const began = performance.now();
    const error: unknown = await insertStudy(store, {
      definition: study('one'),
      logFingerprint: null,
      createdAt: NOW,
    }).catch((reason: unknown) => reason);
    expect(performance.now() - began).to.be.greaterThan(PATIENCE_MS * 0.9);
    expect(delay.max / 1e6).to.be.lessThan(LOOP_DELAY_MS);
    expect(error).to.be.instanceOf(DomainError).with.property('code', 'database_invalid');
    other.close();
    await store.destroy();
  });

  it('answers statements in the order in which they were asked', async () => {
    const connection = await connectInThread(':memory:', 0);
    const asked = Array.from({ length: 200 }, (_, i) => connection.execute(`select ${i} as i`));
    const answers = await Promise.all(asked);
    expect(answers.map(({ rows }) => rows[0])).to.deep.equal(answers.map((_, i) => ({ i })));
    await connection.close();
  });

  it('is closed once, after what was asked before; what is asked later fails', async () => {
    const connection = await connectInThread(':memory:', 0);
    const before = connection.execute('select 1 as one');
    await Promise.all([connection.close(), connection.close()]);
    expect((await before).rows).to.deep.equal([{ one: 1 }]);
    const late: unknown = await connection.execute('select 1').catch((reason: unknown) => reason);
    expect((late as Error).message).to.equal('the thread of the database has ended');
  });

  it('tells a fault of a statement with the stack of where it was', async () => {
    const connection = await connectInThread(':memory:', 0);
    const fault: unknown = await connection
      .execute('select 1 from nowhere')
      .catch((reason: unknown) => reason);
    expect((fault as Error).message).to.equal('no such table: nowhere');
    expect((fault as Error).stack).to.include('connection');
    await connection.close();
  });

  it('is a database of its own in memory, lost when it is closed', async () => {
    const [one, two] = await Promise.all([openStore(':memory:'), openStore(':memory:')]);
    await insertStudy(one, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    expect(await listStudies(one)).to.have.length(1);
    expect(await listStudies(two)).to.deep.equal([]);
    await Promise.all([one.destroy(), two.destroy()]);
  });

  it('keeps no process alive that has forgotten to close it', async () => {
    const child = spawn(process.execPath, [CHILD, folder.file('a.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(said).to.equal('0 studies\n');
    expect(code).to.equal(0);
  });
});
