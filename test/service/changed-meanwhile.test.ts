import { expect } from 'chai';
import { experimentRequestSchema } from '../../src/domain/experiment.ts';
import type { DomainError } from '../../src/domain/errors.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { patchStudy, readManagedStudy } from '../../src/service/change-study.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { createExperiment } from '../../src/service/create-experiment.ts';
import { createStudy } from '../../src/service/create-study.ts';
import { readExperiments } from '../../src/service/read-experiments.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { openStore, type Store } from '../../store/open.ts';
import { ONLINE_STUDY, WINDOW } from '../server/online-study.ts';

describe('an experiment whose study is changed while its arms are chosen', () => {
  let pool: ComputePool;
  let store: Store;
  const request = experimentRequestSchema.parse({ window: WINDOW, arms: 2 });

  before(async () => {
    pool = openComputePool(1);
    store = await openStore(':memory:');
  });
  after(async () => {
    await pool.close();
    await store.destroy();
  });

  it('is not planned: its arms would be those of another objective', async () => {
    const context = {
      store,
      pool,
      queue: createStudyQueue(),
      clock: () => '2026-01-01T00:00:00.000Z',
      actor: 'ann',
    };
    const definition = studySchema.parse({ ...ONLINE_STUDY, name: 'online' });
    await createStudy(context, definition);
    const changing: ComputePool = {
      ...pool,
      async run(name, task) {
        const online = { ...definition.online!, rounds: 3 };
        await patchStudy(context, 'online', () => true, { online });
        return pool.run(name, task);
      },
    };
    const refused = await createExperiment({ ...context, pool: changing }, 'online', request).catch(
      (error: unknown) => error,
    );
    expect((refused as DomainError).code).to.equal('experiment_state');
    expect((refused as DomainError).message).to.contain('was changed while arms were chosen');
    expect(await readExperiments({ store }, 'online')).to.deep.equal([]);
    const { number } = await createExperiment(context, 'online', request);
    expect(number).to.equal(1);
    expect((await readManagedStudy({ store }, 'online')).revision).to.equal(2);
  });
});
