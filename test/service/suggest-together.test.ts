import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { Weights } from '../../src/domain/trial.ts';
import { patchStudy } from '../../src/service/change-study.ts';
import { completeTrial } from '../../src/service/complete-trial.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { createStudy } from '../../src/service/create-study.ts';
import { nextCandidates } from '../../src/service/next-candidates.ts';
import { readEvents } from '../../src/service/read-events.ts';
import type { ServiceContext, WriteContext } from '../../src/service/service-context.ts';
import { studyMoment } from '../../src/service/study-moment.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { suggestTrials } from '../../src/service/suggest-trials.ts';
import { openStore, type Store } from '../../store/open.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';

const CLIENTS = 64;
/** Of the polytope's diameter, √2 of the simplex: what two candidates that run at once are apart at least. */
const APART = 1e-3 * Math.SQRT2;
const NOW = '2026-01-01T00:00:00.000Z';

function nearest(trials: readonly { readonly weights: Weights | null }[]): number {
  const points = trials.map(({ weights }) => Object.values(weights!));
  return Math.min(
    ...points.flatMap((p, i) => points.slice(0, i).map((q) => Math.hypot(...p.map((x, k) => x - q[k]!)))),
  );
}

describe('suggestions asked for at once', function () {
  this.timeout(120_000);
  let pool: ComputePool;
  let store: Store;
  let tasks: string[] = [];
  /** What is done once while the next candidates are computed. */
  let meanwhile: (() => Promise<void>) | undefined;
  let now = NOW;
  let context: ServiceContext;

  before(async () => {
    pool = openComputePool(1);
    store = await openStore(':memory:');
    const watched: ComputePool = {
      ...pool,
      async run(name, task) {
        tasks.push(name);
        const value = await pool.run(name, task);
        const work = meanwhile;
        meanwhile = undefined;
        await work?.();
        return value;
      },
    };
    context = { store, pool: watched, queue: createStudyQueue(), clock: () => now, actor: 'test' };
  });
  beforeEach(() => {
    tasks = [];
    now = NOW;
  });
  after(async () => {
    await pool.close();
    await store.destroy();
  });

  async function create(name: string, changes: object = {}, completed = 6): Promise<void> {
    const study = {
      name,
      weights: { a: [0, 1], b: [0, 1], c: [0, 1] },
      sum: 1,
      objective: 'maximize gain',
      metrics: { gain: { noise: 'none' } },
      initialTrials: 4,
      seed: 5,
    };
    await createStudy(context, parseWith(studySchema, { ...study, ...changes }, 'study_invalid'));
    if (completed === 0) return;
    for (const trial of await suggestTrials(context, name, { count: completed })) await complete(name, trial);
    tasks = [];
  }

  async function complete(name: string, { number, weights }: StoredTrial): Promise<void> {
    const mean = 1 - (weights!['a']! - 0.6) ** 2 - (weights!['b']! - 0.2) ** 2;
    await completeTrial(context, name, number, { gain: { mean, sem: null } });
  }

  /** The trials that these get who ask for one each at once. */
  async function numbersOf(clients: readonly string[]): Promise<readonly number[]> {
    const asked = clients.map((clientId) =>
      suggestTrials(context, 'leases', { count: 1, clientId, leaseSeconds: 60 }),
    );
    return (await Promise.all(asked)).map(([trial]) => trial!.number);
  }

  it('by 64 clients are of two fits, far from each other, stored when they are told, and can be made again', async () => {
    await create('rush');
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, i) =>
        suggestTrials(context, 'rush', { count: 1, ...(i % 2 === 0 && { clientId: `client-${i}` }) }),
      ),
    );
    const trials = answers.flat();
    const stored = await listTrials(store, 'rush');
    expect(new Set(trials.map(({ number }) => number)).size).to.equal(CLIENTS);
    expect(trials.toSorted((x, y) => x.number - y.number)).to.deep.equal(stored.slice(6));
    expect(nearest(trials)).to.be.at.least(APART - 1e-9);
    expect(tasks.filter((name) => name === 'fit').length).to.be.at.most(2);

    const definition = (await studyMoment(store, 'rush')).definition;
    const events = await readEvents(context, 'rush', 0, 1000);
    const bases = new Map<string, number[]>();
    for (const { kind, trial, payload } of events) {
      if (kind !== 'trial_suggested' || trial! <= 6) continue;
      const basis = JSON.stringify(payload['basis']);
      bases.set(basis, [...(bases.get(basis) ?? []), trial!]);
    }
    expect(bases.size).to.be.at.most(2);
    for (const [key, numbers] of bases) {
      const { pending, together } = JSON.parse(key) as { pending: number[]; together: number };
      expect(together).to.equal(numbers.length);
      const known = stored
        .filter(({ number, state }) => state === 'completed' || pending.includes(number))
        .map(({ number, state, weights, provenance: { generator }, observations }) => ({
          number,
          state,
          weights,
          provenance: { generator },
          observations,
        }));
      const again = await nextCandidates(pool, definition, known, together);
      expect(again.map(({ weights }) => weights)).to.deep.equal(
        numbers.map((number) => stored[number - 1]!.weights),
      );
    }
  });

  it('share what is left of the budget: who comes too late is told so', async () => {
    await create('scarce', { budget: 16 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: CLIENTS }, () => suggestTrials(context, 'scarce', { count: 1 })),
    );
    const given = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    expect(given.map(({ number }) => number)).to.deep.equal(Array.from({ length: 10 }, (_, i) => i + 7));
    for (const outcome of outcomes.slice(10)) {
      expect(outcome.status).to.equal('rejected');
      if (outcome.status === 'rejected')
        expect(outcome.reason).to.be.instanceOf(DomainError).with.property('code', 'budget_exhausted');
    }
  });

  it('give a client its own again, and each expired trial to one', async () => {
    await create('leases', {}, 0);
    const first = await numbersOf(['w', 'x', 'y', 'x', 'z', 'x']);
    expect(first).to.deep.equal([1, 2, 3, 2, 4, 2]);
    now = '2026-01-01T00:02:00.000Z';
    const second = await numbersOf(['p', 'y', 'q', 'r', 's', 't']);
    expect(new Set(second).size).to.equal(6);
    expect(second.slice(2), 'y was faster than q, or asked for another').to.include.members([2, 4]);
    expect((await listTrials(store, 'leases')).map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it('are of the study as it is when they are stored: one that was changed meanwhile is asked anew', async () => {
    await create('changed', { budget: 20 });
    meanwhile = async () => {
      await patchStudy(context, 'changed', () => true, { budget: 8 });
    };
    const trials = await suggestTrials(context, 'changed', { count: 5 });
    expect(trials.map(({ number }) => number)).to.deep.equal([7, 8]);
    expect(tasks).to.deep.equal(['fit', 'propose', 'fit', 'propose']);
  });

  it('leave the others their trials where one must not be answered', async () => {
    await create('refused');
    const refusing: WriteContext<readonly StoredTrial[]> = {
      ...context,
      onStored: () => Promise.reject(new DomainError('idempotency_in_flight', 'the key is lost')),
    };
    const outcomes = await Promise.allSettled(
      [context, context, refusing, context].map((each) => suggestTrials(each, 'refused', { count: 1 })),
    );
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    const given = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    expect(given.map(({ number }) => number).toSorted((a, b) => a - b)).to.deep.equal([7, 8, 9]);
    expect(await listTrials(store, 'refused')).to.have.length(9);
  });

  it('of other fixed weights have a turn of their own, and a study that is gone refuses all', async () => {
    await create('fixed');
    const trials = await Promise.all(
      [0.25, 0.5, 0.25, 0.5, undefined].map((a) =>
        suggestTrials(context, 'fixed', { count: 1, ...(a !== undefined && { fixed: { a } }) }),
      ),
    );
    expect(trials.slice(0, 4).map(([trial]) => trial!.weights!['a'])).to.deep.equal([0.25, 0.5, 0.25, 0.5]);
    expect(new Set(trials.map(([trial]) => trial!.number)).size).to.equal(5);
    const refused = await Promise.allSettled(
      [1, 2, 3].map(() => suggestTrials(context, 'gone', { count: 1 })),
    );
    for (const outcome of refused) {
      expect(outcome.status).to.equal('rejected');
      if (outcome.status === 'rejected') expect(outcome.reason).to.have.property('code', 'study_not_found');
    }
  });
});
