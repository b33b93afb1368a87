import { expect } from 'chai';
import { openStore, type Store } from '../../store/open.ts';
import { endTrial } from '../../store/trial-states.ts';
import { insertTrials, listTrials } from '../../store/trials.ts';
import { printedBy } from './run-pondera.ts';
import { SMALL_STUDY, smallLog } from './small-study.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const LATER = '2030-01-01T00:00:00.000Z';

interface Printed {
  readonly counts: object;
  readonly best: { readonly number: number };
  readonly trials: readonly { readonly number: number; readonly state: string }[];
}

async function setState(
  store: Store,
  number: number,
  state: 'failed' | 'infeasible' | 'abandoned',
): Promise<void> {
  await store.deleteFrom('observations').where('trial_number', '=', number).execute();
  await store.updateTable('trials').set({ state }).where('number', '=', number).execute();
}

describe('a sweep whose trials have come to every state', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
    folder.write('study.yaml', SMALL_STUDY);
    folder.write('log.csv', smallLog());
  });
  after(() => folder.remove());

  const sweep = async (trials: number, ...more: readonly string[]): Promise<string> =>
    printedBy([
      'sweep',
      folder.file('study.yaml'),
      '--db',
      folder.file('a.db'),
      '--trials',
      String(trials),
      '--workers',
      '1',
      ...more,
    ]);
  const withStore = async (work: (store: Store) => Promise<void>): Promise<void> => {
    const store = await openStore(folder.file('a.db'));
    try {
      await work(store);
    } finally {
      await store.destroy();
    }
  };
  it('goes on without those that are voided or abandoned, counts those that failed, and evaluates what still runs', async () => {
    const before = JSON.parse(await sweep(6, '--json')) as Printed;
    await withStore(async (store) => {
      await endTrial(store, 'small', before.best.number, 'void', { reason: 'wrong', at: LATER });
      const [failed, infeasible, abandoned] = [1, 2, 3, 4, 5, 6].filter(
        (number) => number !== before.best.number,
      );
      await setState(store, failed!, 'failed');
      await setState(store, infeasible!, 'infeasible');
      await setState(store, abandoned!, 'abandoned');
      const [left] = await listTrials(store, 'small');
      // As a client of another version would leave it: its time is long over.
      const lease = { clientId: 'gone', leaseExpiresAt: 1 };
      await insertTrials(store, 'small', [{ ...left!, number: 7 }], LATER, lease);
    });
    const after = JSON.parse(await sweep(7, '--json')) as Printed;
    expect(after.counts).to.include({ completed: 5, running: 0, failed: 1, infeasible: 1 });
    await withStore(async (store) => {
      const stored = await listTrials(store, 'small');
      const count = (wanted: string) => stored.filter(({ state }) => state === wanted).length;
      expect(stored.map(({ number }) => number)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(
        ['completed', 'failed', 'infeasible', 'abandoned', 'voided', 'running'].map(count),
      ).to.deep.equal([6, 1, 1, 1, 1, 0]);
    });
    const shown = after.trials.map(({ number }) => number);
    expect(shown).to.not.include(before.best.number);
    expect(await sweep(7)).to.include('5 trials');
  });
});
