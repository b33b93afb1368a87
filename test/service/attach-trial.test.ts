import { expect } from 'chai';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { attachTrial } from '../../src/service/attach-trial.ts';
import { storeStudy } from '../../src/service/store-study.ts';
import { openStore, type Store } from '../../store/open.ts';
import { listTrials } from '../../store/trials.ts';
import { temporaryDatabases } from '../server/running-service.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const TRIALS = 24;
const STUDY = parseWith(
  studySchema,
  { name: 'shared', weights: { a: [0, 1], b: [0, 1] }, objective: 'maximize gain' },
  'study_invalid',
);

describe('attachTrial', () => {
  const databases = temporaryDatabases();
  const file = databases.file('shared.db');
  let stores: readonly Store[];

  before(async () => {
    stores = [await openStore(file), await openStore(file)];
  });
  after(async () => {
    for (const store of stores) await store.destroy();
    databases.remove();
  });

  it('numbers trials without a gap where two connections attach at once, each with its own metrics', async () => {
    await storeStudy(stores[0]!, { definition: STUDY, logFingerprint: null, createdAt: NOW }, undefined);
    const gains = Array.from({ length: TRIALS }, (_, i) => i / TRIALS);
    const attached = await Promise.all(
      gains.map((gain, i) =>
        attachTrial({ store: stores[i % 2]!, clock: () => NOW, actor: 'test' }, 'shared', {
          weights: { a: gain, b: 0.5 },
          metrics: { gain: { mean: gain, sem: null } },
        }),
      ),
    );
    const stored = await listTrials(stores[0]!, 'shared');
    expect(stored.map(({ number }) => number)).to.deep.equal(gains.map((_, i) => i + 1));
    for (const [i, trial] of attached.entries()) {
      expect(trial.weights!['a']).to.equal(gains[i]);
      expect(trial.observations).to.deep.equal({ gain: { mean: gains[i], sem: null } });
      expect(stored[trial.number - 1]).to.deep.equal(trial);
    }
  });
});
