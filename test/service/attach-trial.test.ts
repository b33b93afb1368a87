import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { attachTrial } from '../../src/service/attach-trial.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { storeStudy } from '../../src/service/store-study.ts';
import { openStore, type Store } from '../../store/open.ts';
import { listTrials } from '../../store/trials.ts';
import { temporaryDatabases } from '../server/running-service.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const STUDY = parseWith(
  studySchema,
  { name: 'shared', weights: { a: [0, 1], b: [0, 1] }, objective: 'maximize gain' },
  'study_invalid',
);

describe('attachTrial', () => {
  const databases = temporaryDatabases();
  const file = databases.file('shared.db');
  let store: Store;

  before(async () => {
    store = await openStore(file);
  });
  after(async () => {
    await store.destroy();
    databases.remove();
  });

  it('takes the next number where another process was faster, whose trial stands', async () => {
    await storeStudy(store, { definition: STUDY, logFingerprint: null, createdAt: NOW }, undefined);
    const attach = (a: number, clock: () => string) =>
      attachTrial({ store, queue: createStudyQueue(), clock, actor: 'test' }, 'shared', {
        weights: { a, b: 0.5 },
        metrics: { gain: { mean: a, sem: null } },
      });
    await attach(0.25, () => NOW);
    let reads = 0;
    // The clock is read between looking at the trials and storing one.
    const overtaken = await attach(0.75, () => {
      if (reads++ === 0) copyTrial(file, 1, 2);
      return NOW;
    });
    expect(reads).to.equal(2);
    expect(overtaken.number).to.equal(3);
    const stored = await listTrials(store, 'shared');
    expect(stored.map(({ weights }) => weights!['a'])).to.deep.equal([0.25, 0.25, 0.75]);
    expect(stored.map(({ observations }) => observations['gain']?.mean)).to.deep.equal([
      0.25,
      undefined,
      0.75,
    ]);
  });
});

/** What another process would store, at once. */
function copyTrial(database: string, number: number, as: number): void {
  const db = new SqliteDatabase(database);
  db.prepare(
    `insert into trials (study_id, number, state, weights, generator, provenance, created_at)
     select study_id, ?, 'running', weights, generator, provenance, created_at from trials where number = ?`,
  ).run(as, number);
  db.close();
}
