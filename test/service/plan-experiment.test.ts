import { expect } from 'chai';
import type { DomainError } from '../../src/domain/errors.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { experimentPlan } from '../../src/online/plan/experiment-plan.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { createStudy } from '../../src/service/create-study.ts';
import { planExperiment, planRequestSchema } from '../../src/service/plan-experiment.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { openStore, type Store } from '../../store/open.ts';
import { ONLINE_STUDY } from '../server/online-study.ts';

const NOW = '2026-01-01T00:00:00.000Z';

describe('a plan of experiments', () => {
  let pool: ComputePool;
  let store: Store;
  before(async () => {
    pool = openComputePool(1);
    store = await openStore(':memory:');
  });
  after(async () => {
    await pool.close();
    await store.destroy();
  });

  it('is made in a worker: critical values of many arms take a second, in which others are answered', async () => {
    const tasks: string[] = [];
    const watched: ComputePool = {
      ...pool,
      run(name, task) {
        tasks.push(name);
        return pool.run(name, task);
      },
    };
    const context = { store, queue: createStudyQueue(), clock: () => NOW, actor: 'a' };
    const definition = studySchema.parse({ ...ONLINE_STUDY, name: 'planned' });
    await createStudy({ ...context }, definition);
    const request = planRequestSchema.parse({ unitsPerDay: 20_000, days: 14, mostArms: 3 });
    const { plans, metrics } = await planExperiment({ ...context, pool: watched }, 'planned', request);
    expect(tasks).to.include('planArms');
    const expected = experimentPlan(metrics, request, 3);
    expect(plans.map(({ gain: _gain, ...plan }) => plan)).to.deep.equal(expected);
  });

  it('takes fractions for effects, and no mean of a volume without its spread', async () => {
    const per = { unitsPerDay: 20_000, days: 14 };
    const effect = planRequestSchema.safeParse({ ...per, metrics: { saves: { relevantEffect: 3 } } });
    expect(effect.error!.issues.map(({ message }) => message)).to.deep.equal([
      'is 3: expected a fraction of the baseline, such as 0.02 for 2 %',
    ]);
    const context = { store, pool, queue: createStudyQueue(), clock: () => NOW, actor: 'a' };
    const { online } = ONLINE_STUDY;
    const { saves, ...others } = online.metrics;
    const { stddev: _stddev, ...bare } = saves;
    await createStudy(
      context,
      studySchema.parse({
        ...ONLINE_STUDY,
        name: 'bare',
        online: { ...online, metrics: { ...others, saves: bare } },
      }),
    );
    const request = planRequestSchema.parse({ ...per, metrics: { saves: { mean: 1 } } });
    const refused: unknown = await planExperiment(context, 'bare', request).catch((error: unknown) => error);
    expect(refused).to.include({
      code: 'experiment_invalid',
      message: 'is missing: the mean of a volume tells no spread',
    });
    expect((refused as DomainError).place).to.include({ pointer: '/metrics/saves/stddev' });
  });
});
