import { expect } from 'chai';
import { studySchema } from '../../src/domain/study-rules.ts';
import { patchStudy, readManagedStudy } from '../../src/service/change-study.ts';
import { claimStudy } from '../../src/service/claim-study.ts';
import { readEvents } from '../../src/service/read-events.ts';
import { openStore, type Store } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const FILE = {
  name: 'logged',
  log: { path: 'log.csv', request: 'r' },
  heads: { click: { score: 's', label: 'y' }, save: { score: 't', label: 'z' } },
  weights: { click: [0, 1], save: [0, 1] },
  sum: 1,
  objective: 'maximize click.average_precision',
  guardrails: ['save.average_precision >= 0.2'],
};
const ONLINE = { metrics: { saves: { kind: 'volume' } }, objective: 'maximize saves' };

describe('a study that is swept again', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore(':memory:');
  });
  afterEach(async () => store.destroy());

  const sweep = (changes: object = {}) =>
    claimStudy(store, studySchema.parse({ ...FILE, ...changes }), undefined, 'ab', () => NOW, 'ann');
  const told = async (): Promise<readonly object[]> =>
    (await readEvents({ store }, 'logged', 0, 100)).map(({ kind, actor, payload }) => ({
      kind,
      actor,
      payload,
    }));

  it('is the same revision where nothing has changed, and tells what has', async () => {
    await sweep({ budget: 10 });
    const created = { kind: 'study_created', actor: 'ann', payload: { seed: 0 } };
    await sweep({ budget: 10 });
    expect((await readManagedStudy({ store }, 'logged')).revision).to.equal(1);
    expect(await told()).to.deep.equal([created]);
    await sweep({ budget: 20, step: 0.05 });
    expect((await readManagedStudy({ store }, 'logged')).revision).to.equal(2);
    const changes = { budget: { from: 10, to: 20 }, step: { from: null, to: 0.05 } };
    expect(await told()).to.deep.equal([
      created,
      { kind: 'study_changed', actor: 'ann', payload: { changes } },
    ]);
  });

  it('keeps what a client has changed of experiments since the sweep of its dataset was begun', async () => {
    const log = { dataset: 'feed', request: 'r' };
    const baseline = { weights: { click: 0.5, save: 0.5 } };
    const definition = studySchema.parse({ ...FILE, log, baseline });
    await insertStudy(store, { definition, logFingerprint: null, createdAt: NOW });
    const context = { store, clock: () => NOW, actor: 'ann' };
    const onlineOf = (rounds: number) =>
      studySchema.parse({ ...FILE, baseline, online: { ...ONLINE, rounds } }).online!;
    for (const rounds of [2, 3]) {
      await patchStudy(context, 'logged', () => true, { online: onlineOf(rounds) });
      await sweep({ log, baseline });
      expect((await readManagedStudy({ store }, 'logged')).definition.online).to.deep.equal(onlineOf(rounds));
    }
  });

  it('tells no client where its log lies', async () => {
    await sweep();
    await sweep({ log: { path: 'moved/log.csv', request: 'r' } });
    const { definition, revision } = await readManagedStudy({ store }, 'logged');
    expect([definition.log!.path, revision]).to.deep.equal(['moved/log.csv', 2]);
    expect(await told()).to.have.length(1);
  });
});
