import { expect } from 'chai';
import type { Sweep } from '../../src/domain/sweep.ts';
import { SWEEP_STATES } from '../../src/domain/sweep-state.ts';
import {
  countRequests,
  findDataset,
  findDatasetOfBytes,
  insertDataset,
  listDatasets,
  moveDataset,
  removeDataset,
  type StoredDataset,
} from '../../store/datasets.ts';
import type { Store } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';
import { countSweeps, findSweep, insertSweep, sweepsInState, updateSweep } from '../../store/sweeps.ts';
import { NOW, study } from '../store/study-for-the-store.ts';

const CLIENTS = 64;

const DATASET: StoredDataset = {
  name: 'feed',
  files: ['/a/b.csv', '/a/"c",d.csv'],
  fingerprint: 'ab',
  bytes: 9_007_199_254_740_991,
  rows: 3,
  requests: null,
  columns: [{ name: 'é "x"', type: 'DECIMAL(18,3)' }],
  createdAt: NOW,
};

const SWEEP: Sweep = {
  study: 'one',
  run: 1,
  state: 'queued',
  dataset: 'feed',
  budget: null,
  threads: 2,
  actor: 'ann',
  instance: '1.a',
  deaths: 0,
  queuedAt: 9_007_199_254_740_991,
  countedAt: null,
  workedMs: 0,
  endedAt: null,
  standing: null,
  problem: null,
  findings: null,
};

/** What any store must do with datasets and sweeps. */
export function describeSweepStore(
  name: string,
  open: () => Promise<Store>,
  close: (store: Store) => Promise<void>,
): void {
  describe(`the contract of a store, datasets and sweeps: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      for (const id of ['one', 'two']) {
        await insertStudy(store, { definition: study(id), logFingerprint: null, createdAt: NOW });
      }
    });
    afterEach(async () => close(store));

    it('keeps a dataset as it was given, under a name that it has once', async () => {
      expect(await insertDataset(store, DATASET)).to.equal(true);
      expect(await insertDataset(store, { ...DATASET, rows: 4 })).to.equal(false);
      expect(await findDataset(store, 'feed')).to.deep.equal(DATASET);
      expect(await findDataset(store, 'none')).to.equal(undefined);
      expect(await findDatasetOfBytes(store, 'ab')).to.deep.equal(DATASET);
      expect(await findDatasetOfBytes(store, 'cd')).to.equal(undefined);
    });

    it('lists datasets by name, some at a time', async () => {
      for (const dataset of ['b', 'c', 'a']) await insertDataset(store, { ...DATASET, name: dataset });
      const names = async (after?: string, most?: number) =>
        (await listDatasets(store, after, most)).map((dataset) => dataset.name);
      expect(await names()).to.deep.equal(['a', 'b', 'c']);
      expect(await names('a', 1)).to.deep.equal(['b']);
      expect(await removeDataset(store, 'b')).to.equal(true);
      expect(await removeDataset(store, 'b')).to.equal(false);
      expect(await names('a')).to.deep.equal(['c']);
    });

    it('moves a dataset and counts its requests, where its bytes are the same', async () => {
      await insertDataset(store, DATASET);
      expect(await moveDataset(store, 'feed', 'cd', ['/x'])).to.equal(false);
      expect(await moveDataset(store, 'feed', 'ab', ['/x'])).to.equal(true);
      await countRequests(store, 'feed', 'cd', { column: 'q', count: 7 });
      expect((await findDataset(store, 'feed'))!.requests).to.equal(null);
      await countRequests(store, 'feed', 'ab', { column: 'q', count: 2 });
      await countRequests(store, 'feed', 'ab', { column: 'r', count: 1 });
      expect(await findDataset(store, 'feed')).to.deep.equal({
        ...DATASET,
        files: ['/x'],
        requests: { column: 'q', count: 2 },
      });
    });

    it('keeps one sweep of a study, of a study that there is', async () => {
      expect(await insertSweep(store, SWEEP)).to.equal(true);
      expect(await insertSweep(store, { ...SWEEP, run: 2 })).to.equal(false);
      expect(await findSweep(store, 'one')).to.deep.equal(SWEEP);
      expect(await findSweep(store, 'two')).to.equal(undefined);
      const orphan = insertSweep(store, { ...SWEEP, study: 'none' });
      expect(await orphan.catch((error: unknown) => error)).to.be.instanceOf(Error);
    });

    it('changes a sweep for one of those who saw the same', async () => {
      await insertSweep(store, SWEEP);
      const changed = await Promise.all(
        Array.from({ length: CLIENTS }, (_, i) =>
          updateSweep(store, SWEEP, { state: 'running', countedAt: i, instance: `${i}.b` }),
        ),
      );
      expect(changed.filter(Boolean)).to.have.length(1);
      const winner = changed.indexOf(true);
      const running = { ...SWEEP, state: 'running', countedAt: winner, instance: `${winner}.b` } as const;
      expect(await findSweep(store, 'one')).to.deep.equal(running);
      const change: Omit<Sweep, 'study'> = {
        run: 1,
        dataset: 'feed',
        threads: 2,
        actor: 'ann',
        queuedAt: 5,
        state: 'completed',
        countedAt: null,
        instance: null,
        workedMs: 12,
        endedAt: 13,
        deaths: 1,
        budget: 5,
        standing: { incumbent: { paretoTrials: 2, hypervolume: 5e-324 }, secondsLeft: 0.5 },
        problem: { code: 'x', detail: 'é' },
        findings: { disagreements: [{ head: 'a' }], holdout: { rows: 1 } },
      };
      const done: Sweep = { study: 'one', ...change };
      expect(await updateSweep(store, running, change)).to.equal(true);
      expect(await findSweep(store, 'one')).to.deep.equal(done);
      expect(await updateSweep(store, { ...done, run: 2 }, { deaths: 9 })).to.equal(false);
    });

    it('knows every state, and no other; a sweep that runs is counted, and no other', async () => {
      await insertSweep(store, SWEEP);
      let seen: Sweep = SWEEP;
      for (const state of SWEEP_STATES) {
        const change = { state, countedAt: state === 'running' ? 1 : null };
        expect(await updateSweep(store, seen, change), state).to.equal(true);
        seen = { ...seen, ...change };
        expect(await countSweeps(store)).to.deep.equal([{ state, count: 1 }]);
      }
      for (const change of [{ state: 'lost' as 'queued' }, { state: 'running' as const }, { countedAt: 5 }]) {
        const refused = updateSweep(store, seen, change);
        expect(await refused.catch((error: unknown) => error)).to.be.instanceOf(Error);
      }
    });

    it('finds the sweeps in some states, the first that was queued first', async () => {
      await insertSweep(store, { ...SWEEP, queuedAt: 2 });
      await insertSweep(store, { ...SWEEP, study: 'two', queuedAt: 1, state: 'running', countedAt: 1 });
      const found = async (...states: Parameters<typeof sweepsInState>[1][number][]) =>
        (await sweepsInState(store, states)).map((sweep) => sweep.study);
      expect(await found('queued', 'running')).to.deep.equal(['two', 'one']);
      expect(await found('queued')).to.deep.equal(['one']);
      expect(await found('paused')).to.deep.equal([]);
    });
  });
}
