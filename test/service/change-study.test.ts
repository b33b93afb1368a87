import { expect } from 'chai';
import type { DomainError } from '../../src/domain/errors.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { deleteStudy, patchStudy, readManagedStudy } from '../../src/service/change-study.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { openStore, type Store } from '../../store/open.ts';
import { findStudy, insertStudy, listStudies, updateDefinition } from '../../store/studies.ts';
import { NOW, study } from '../store/study-for-the-store.ts';

const LOGGED = studySchema.parse({
  name: 'logged',
  weights: { click: [0, 1], save: [0, 1] },
  objective: 'click.average_precision',
  heads: { click: { score: 's', label: 'l' }, save: { score: 't', label: 'm' } },
  log: { path: 'log.csv', request: 'r' },
});

function any(): boolean {
  return true;
}

describe('changes of a study', () => {
  let store: Store;
  const context = () => ({ store, clock: () => NOW, actor: 'ann' });

  beforeEach(async () => {
    store = await openStore(':memory:');
    await insertStudy(store, { definition: LOGGED, logFingerprint: 'ab', createdAt: NOW });
    await insertStudy(store, { definition: study('plain'), logFingerprint: null, createdAt: NOW });
  });
  afterEach(async () => store.destroy());

  it('leave a study with a log what its file says, but for the description', async () => {
    for (const patch of [{ budget: 3 }, { confidence: 0.9 }, { budget: null, description: 'x' }]) {
      const error = (await patchStudy(context(), 'logged', any, patch).catch(
        (reason: unknown) => reason,
      )) as DomainError;
      expect(error.code).to.equal('study_has_log');
      expect(error.place.pointer).to.equal(`/${Object.keys(patch)[0]!}`);
    }
    const { description, revision } = await patchStudy(context(), 'logged', any, { description: 'x' });
    expect({ description, revision }).to.deep.equal({ description: 'x', revision: 2 });
  });

  it('of a sweep are a revision as well', async () => {
    await updateDefinition(store, { ...study('plain'), budget: 12 });
    const { revision, definition } = await readManagedStudy(context(), 'plain');
    expect([revision, definition.budget]).to.deep.equal([2, 12]);
  });

  it('leave nothing to be found of a study that was deleted, and its name taken', async () => {
    await deleteStudy(context(), 'plain');
    expect(await findStudy(store, 'plain')).to.equal(undefined);
    expect((await listStudies(store)).map(({ definition }) => definition.name)).to.deep.equal(['logged']);
    const again = { definition: study('plain'), logFingerprint: null, createdAt: NOW };
    expect(await insertStudy(store, again)).to.equal(false);
    const error = await checkTakesTrials(store, 'plain').catch((reason: unknown) => reason);
    expect((error as DomainError).code).to.equal('study_not_found');
  });
});
