import { expect } from 'chai';
import type { DomainError } from '../../src/domain/errors.ts';
import { onlineSchema } from '../../src/domain/online.ts';
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
    for (const patch of [
      { budget: 3 },
      { confidence: 0.9 },
      { online: null },
      { budget: null, description: 'x' },
    ]) {
      const error = (await patchStudy(context(), 'logged', any, patch).catch(
        (reason: unknown) => reason,
      )) as DomainError;
      expect(error.code).to.equal('study_has_log');
      expect(error.place.pointer).to.equal(`/${Object.keys(patch)[0]!}`);
    }
    const { description, revision } = await patchStudy(context(), 'logged', any, { description: 'x' });
    expect({ description, revision }).to.deep.equal({ description: 'x', revision: 2 });
  });

  it('of a study on a dataset are what is said of it and what experiments are to find', async () => {
    const definition = studySchema.parse({
      ...LOGGED,
      name: 'registered',
      log: { dataset: 'feed', request: 'r' },
      baseline: { weights: { click: 0.5, save: 0.5 } },
    });
    await insertStudy(store, { definition, logFingerprint: 'ab', createdAt: NOW });
    const online = onlineSchema.parse({
      metrics: { saves: { kind: 'volume' } },
      objective: 'maximize saves',
    });
    const changed = await patchStudy(context(), 'registered', any, { online });
    expect(changed.definition.online).to.deep.equal(online);
    expect((await patchStudy(context(), 'registered', any, { online: null })).definition.online).to.equal(
      undefined,
    );
    const told = async (patch: object): Promise<string> =>
      ((await patchStudy(context(), 'registered', any, patch).catch((error: unknown) => error)) as Error)
        .message;
    expect(await told({ budget: 3, online })).to.equal(
      'study "registered" has a log: its budget is what it was created with, or the trials of ":sweep"',
    );
    expect(await told({ confidence: 0.9 })).to.equal(
      'study "registered" has a log: its confidence is what it was created with',
    );
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
