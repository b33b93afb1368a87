import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openStore } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';
import { listTrials } from '../../store/trials.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { NOW, study } from '../store/study-for-the-store.ts';
import { describeStore } from './store-contract.ts';
import { describeSweepStore } from './sweep-contract.ts';

const CHILD = fileURLToPath(new URL('./claiming-child.js', import.meta.url));
const CLAIMS = 150;

let folder: TemporaryFolder;

for (const describeContract of [describeStore, describeSweepStore]) {
  describeContract(
    'SQLite in a file',
    async () => {
      folder = temporaryFolder();
      return openStore(folder.file('a.db'));
    },
    async (store) => {
      await store.destroy();
      folder.remove();
    },
  );

  describeContract(
    'SQLite in memory',
    async () => openStore(':memory:'),
    async (store) => store.destroy(),
  );
}

describe('two processes on one file', () => {
  it('claim and complete at once: no number twice, nothing lost, no lock error', async () => {
    const shared = temporaryFolder();
    const store = await openStore(shared.file('a.db'));
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    const answers = [1, 2].map(async (client) => {
      const child = spawn(process.execPath, [CHILD, shared.file('a.db'), String(client), String(CLAIMS)]);
      const [claimed, problems, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit'),
      ]);
      expect({ code, problems }).to.deep.equal({ code: 0, problems: '' });
      return JSON.parse(claimed) as number[];
    });
    const claimed = await Promise.all(answers);
    const stored = await listTrials(store, 'one');
    expect(claimed.flat().toSorted((a, b) => a - b)).to.deep.equal(stored.map(({ number }) => number));
    expect(stored).to.have.length(2 * CLAIMS);
    for (const { number, state, observations } of stored) {
      expect(state).to.equal('completed');
      const client = claimed[0]!.includes(number) ? 1 : 2;
      expect(observations).to.deep.equal({ revenue: { mean: client, sem: number } });
    }
    await store.destroy();
    shared.remove();
  });
});
