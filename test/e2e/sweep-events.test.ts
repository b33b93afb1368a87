import { expect } from 'chai';
import { openStore, type Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { listTrials } from '../../store/trials.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { endTrialWith } from '../../src/service/end-trial.ts';
import { nextCandidates } from '../../src/service/next-candidates.ts';
import { readEvents } from '../../src/service/read-events.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { replayedTrials, suggestedByBasis } from '../service/replayed-trials.ts';
import { printedBy } from './run-pondera.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const clock = (): string => '2030-01-01T00:00:00.000Z';

describe('the event log of a sweep', () => {
  let folder: TemporaryFolder;
  let store: Store;
  let pool: ComputePool;
  const sweep = (trials: number): Promise<string> =>
    printedBy([
      'sweep',
      folder.file('study.yaml'),
      '--db',
      folder.file('a.db'),
      '--workers',
      '1',
      '--trials',
      String(trials),
    ]);

  before(async () => {
    pool = openComputePool(1);
    folder = temporaryFolder();
    folder.write('study.yaml', smallStudy({ 'seed: 1': 'seed: 1\ninitialTrials: 4' }));
    folder.write('log.csv', smallLog());
    await sweep(7);
    store = await openStore(folder.file('a.db'));
    const context = { store, pool, queue: createStudyQueue(), clock, actor: 'local' };
    await endTrialWith(context, 'small', 6, 'void', 'the log of that hour is not whole');
    await sweep(9);
  });
  after(async () => {
    await store.destroy();
    await pool.close();
    folder.remove();
  });

  it('is enough to make every trial again, those after a void too', async () => {
    const { definition } = await getStudy(store, 'small');
    const stored = await listTrials(store, 'small');
    const events = await readEvents({ store }, 'small', 0, 1000);
    const batches = suggestedByBasis(events);
    expect(batches).to.have.length(7);
    expect(batches.flatMap(([, batch]) => batch.map(({ trial }) => trial))).to.deep.equal(
      stored.slice(1).map(({ number }) => number),
    );
    for (const [{ after, pending, together }, batch] of batches) {
      const known = events.filter(({ sequence }) => sequence <= after);
      const trials = replayedTrials(known, pending, stored);
      const candidates = await nextCandidates(pool, definition, trials, together);
      expect(candidates.map(({ weights }) => weights)).to.deep.equal(
        batch.map(({ trial }) => stored[trial!]!.weights),
      );
    }
  });
});
