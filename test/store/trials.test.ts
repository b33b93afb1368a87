import { expect } from 'chai';
import * as fc from 'fast-check';
import type { DomainError } from '../../src/domain/errors.ts';
import { inTransaction, openStore, type Store } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';
import { completeTrial, getTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study, trial, UNSAID } from './study-for-the-store.ts';

const LATER = '2026-01-02T03:04:06.789Z';

describe('the store of trials', () => {
  let folder: TemporaryFolder;
  let store: Store;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = await openStore(folder.file('a.db'));
    for (const name of ['one', 'two']) {
      await insertStudy(store, { definition: study(name), logFingerprint: null, createdAt: NOW });
    }
  });
  afterEach(async () => {
    await store.destroy();
    folder.remove();
  });

  it('gives trials back by number as they were inserted, running and without observations', async () => {
    expect(await insertTrials(store, 'one', [trial(2), trial(1)], NOW)).to.equal(2);
    const running = { state: 'running', observations: {}, createdAt: NOW, completedAt: null, ...UNSAID };
    expect(await listTrials(store, 'one')).to.deep.equal([
      { ...trial(1), ...running },
      { ...trial(2), ...running },
    ]);
    expect(await listTrials(store, 'two')).to.deep.equal([]);
    expect(await getTrial(store, 'one', 2)).to.deep.equal({ ...trial(2), ...running });
  });

  it('inserts no trials without complaint', async () => {
    expect(await insertTrials(store, 'one', [], NOW)).to.equal(0);
  });

  it('keeps the trials that stand, and adds those whose numbers are free', async () => {
    await insertTrials(store, 'one', [trial(1, 0.1), trial(2, 0.2)], NOW);
    expect(await insertTrials(store, 'one', [trial(2, 0.9), trial(3, 0.3)], NOW)).to.equal(1);
    const weights = (await listTrials(store, 'one')).map((stored) => stored.weights!['a']);
    expect(weights).to.deep.equal([0.1, 0.2, 0.3]);
  });

  it('completes a running trial once', async () => {
    await insertTrials(store, 'one', [trial(1)], NOW);
    const observations = {
      revenue: { mean: 1.5, sem: null },
      cost: { mean: -2, sem: 0.5, n: 12 },
      saves: { mean: 1, sem: 0.5, changeSem: 0 },
      clicks: { mean: 1, sem: null, bounds: { lower: 0.5, upper: 1.25 } },
    };
    expect(await completeTrial(store, 'one', 1, observations, LATER)).to.equal(true);
    expect(await completeTrial(store, 'one', 1, { revenue: { mean: 9, sem: null } }, NOW)).to.equal(false);
    const times = { createdAt: NOW, completedAt: LATER, ...UNSAID };
    expect(await getTrial(store, 'one', 1)).to.deep.equal({
      ...trial(1),
      state: 'completed',
      observations,
      ...times,
    });
  });

  it('does not complete a trial of another study, or one that is not there', async () => {
    await insertTrials(store, 'one', [trial(1)], NOW);
    expect(await completeTrial(store, 'two', 1, { revenue: { mean: 9, sem: null } }, NOW)).to.equal(false);
    expect(await completeTrial(store, 'one', 7, { revenue: { mean: 9, sem: null } }, NOW)).to.equal(false);
    expect((await getTrial(store, 'one', 1)).state).to.equal('running');
  });

  it('completes nothing where an observation cannot be stored', async () => {
    await insertTrials(store, 'one', [trial(1)], NOW);
    const half = { revenue: { mean: 1, sem: null }, cost: { mean: 1, sem: -1 } };
    const error = await completeTrial(store, 'one', 1, half, NOW).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
    expect(await getTrial(store, 'one', 1))
      .to.include({ state: 'running' })
      .and.deep.include({ observations: {} });
  });

  it('says which trial it does not have', async () => {
    const error = await getTrial(store, 'one', 3).catch((reason: unknown) => reason);
    expect((error as DomainError).code).to.equal('trial_not_found');
    expect((error as DomainError).message).to.equal('study "one" has no trial 3');
  });

  it('keeps weights that are null', async () => {
    await insertTrials(store, 'one', [{ ...trial(0), weights: null }], NOW);
    expect((await getTrial(store, 'one', 0)).weights).to.equal(null);
  });

  it('refuses a trial of a study that is not there', async () => {
    const error = await insertTrials(store, 'three', [trial(1)], NOW).catch((reason: unknown) => reason);
    expect((error as Error).message).to.include('FOREIGN KEY');
  });

  it('rolls everything back where work in a transaction fails', async () => {
    const failed = inTransaction(store, async (transaction) => {
      await insertTrials(transaction, 'one', [trial(1)], NOW);
      await completeTrial(transaction, 'one', 1, { revenue: { mean: 1, sem: null } }, NOW);
      throw new RangeError('on purpose');
    });
    expect(((await failed.catch((reason: unknown) => reason)) as Error).message).to.equal('on purpose');
    expect(await listTrials(store, 'one')).to.deep.equal([]);
  });

  it('keeps every finite double: observations, their errors, and weights; SQLite and JSON make -0 a 0', async () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const values = fc.array(fc.record({ mean: finite, sem: finite.map(Math.abs), weight: finite }), {
      minLength: 1,
      maxLength: 20,
    });
    const extremes = [-0, 5e-324, -5e-324, 1.7e308, -1.7976931348623157e308, 0.1, 2 ** 53 + 2, 1e21];
    let number = 0;
    await fc.assert(
      fc.asyncProperty(values, async (batch) => {
        const first = number + 1;
        await insertTrials(
          store,
          'one',
          batch.map(({ weight }) => trial(++number, weight)),
          NOW,
        );
        for (const [i, { mean, sem }] of batch.entries()) {
          await completeTrial(store, 'one', first + i, { revenue: { mean, sem } }, NOW);
          const stored = await getTrial(store, 'one', first + i);
          const { weight } = batch[i]!;
          expect(stored.observations).to.deep.equal({ revenue: { mean: mean + 0, sem: sem + 0 } });
          expect(stored.weights!['a']).to.equal(weight + 0);
        }
      }),
      {
        numRuns: 10,
        examples: [[extremes.map((value) => ({ mean: value, sem: Math.abs(value), weight: value }))]],
      },
    );
  });

  it('keeps metrics whose names a prototype has apart from the prototype', async () => {
    await insertTrials(store, 'one', [trial(1)], NOW);
    const observations = Object.fromEntries(
      ['constructor', 'toString', 'hasOwnProperty'].map((metric, i) => [metric, { mean: i, sem: null }]),
    );
    await completeTrial(store, 'one', 1, observations, NOW);
    expect((await getTrial(store, 'one', 1)).observations).to.deep.equal(observations);
  });
});
