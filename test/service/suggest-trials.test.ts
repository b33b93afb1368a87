import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { completeTrial } from '../../src/service/complete-trial.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { createStudy } from '../../src/service/create-study.ts';
import type { ServiceContext } from '../../src/service/service-context.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { suggestTrials } from '../../src/service/suggest-trials.ts';
import { openStore, type Store } from '../../store/open.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';
import { temporaryDatabases } from '../server/running-service.ts';

const study = (name: string) =>
  parseWith(
    studySchema,
    { name, weights: { a: [0, 1], b: [0, 1] }, sum: 1, objective: 'maximize gain', initialTrials: 4 },
    'study_invalid',
  );

describe('suggestTrials', () => {
  const databases = temporaryDatabases();
  let pool: ComputePool;
  let stores: readonly [Store, Store];
  const context = (store: Store, changes: Partial<ServiceContext> = {}): ServiceContext => ({
    store,
    pool,
    queue: createStudyQueue(),
    clock: () => '2026-01-01T00:00:00.000Z',
    actor: 'test',
    ...changes,
  });

  before(async () => {
    pool = openComputePool(1);
    const file = databases.file('shared.db');
    stores = [await openStore(file), await openStore(file)];
  });
  after(async () => {
    await pool.close();
    for (const store of stores) await store.destroy();
    databases.remove();
  });

  it('hands every trial that it stores to somebody, though another process numbers its own at the same time', async () => {
    const [store, other] = stores;
    await createStudy(context(store), study('two-processes'));
    const overtaken: number[] = [];
    const slow: ComputePool = {
      ...pool,
      async run(name, task) {
        const value = await pool.run(name, task);
        if (overtaken.length === 0) {
          const faster = await suggestTrials(context(other), 'two-processes', { count: 2 });
          overtaken.push(...faster.map(({ number }) => number));
        }
        return value;
      },
    };
    const suggested = await suggestTrials(context(store, { pool: slow }), 'two-processes', { count: 4 });
    const handedOut = [...overtaken, ...suggested.map(({ number }) => number)];
    const stored = await listTrials(store, 'two-processes');
    expect(handedOut).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(stored.map(({ number }) => number)).to.deep.equal(handedOut);
    expect(new Set(stored.map(({ weights }) => JSON.stringify(weights))).size).to.equal(6);
  });

  it('hands out what it has stored where no room is left for the next', async () => {
    const [store] = stores;
    await createStudy(context(store), study('no-room'));
    let runs = 0;
    const full: ComputePool = {
      ...pool,
      run(name, task) {
        if (++runs > 1) throw new DomainError('budget_exhausted', 'no weights are left');
        return pool.run(name, task);
      },
    };
    const suggested = await suggestTrials(context(store, { pool: full }), 'no-room', { count: 6 });
    expect(suggested.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4]);
    const none = suggestTrials(context(store, { pool: full }), 'no-room', { count: 1 });
    const error: unknown = await none.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(DomainError).with.property('message', 'no weights are left');
  });

  it('fits once for a batch, and hands out what as many single suggestions would', async () => {
    const [store] = stores;
    const tasks: string[] = [];
    const counting: ComputePool = {
      ...pool,
      run(name, task) {
        tasks.push(name);
        return pool.run(name, task);
      },
    };
    const suggested: (readonly StoredTrial[])[] = [];
    for (const counts of [[4], [1, 1, 1, 1]]) {
      const name = `batch-of-${counts[0]}`;
      const one = context(store, { pool: counting });
      await createStudy(one, study(name));
      for (const { number, weights } of await suggestTrials(one, name, { count: 4 })) {
        await completeTrial(one, name, number, { gain: { mean: weights!['a']! ** 2, sem: null } });
      }
      tasks.length = 0;
      const batch: StoredTrial[] = [];
      for (const count of counts) batch.push(...(await suggestTrials(one, name, { count: count })));
      expect(tasks).to.deep.equal(counts.flatMap(() => ['fit', 'propose']));
      expect(batch).to.deep.equal((await listTrials(store, name)).slice(4));
      suggested.push(batch);
    }
    expect(suggested[0]).to.have.lengthOf(4).and.to.deep.equal(suggested[1]);
  });

  it('numbers one after another what two requests ask for at once', async () => {
    const [store] = stores;
    const one = context(store);
    await createStudy(one, study('queue'));
    const asked = [suggestTrials(one, 'queue', { count: 1 }), suggestTrials(one, 'queue', { count: 1 })];
    const numbers = (await Promise.all(asked)).flat().map(({ number }) => number);
    expect(numbers).to.deep.equal([1, 2]);
    const { state } = await completeTrial(one, 'queue', 2, { gain: { mean: 1, sem: null } });
    expect(state).to.equal('completed');
  });
});
