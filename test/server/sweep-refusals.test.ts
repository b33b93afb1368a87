import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { expect } from 'chai';
import { forgetDataset } from '../../src/service/datasets.ts';
import { openStore } from '../../store/open.ts';
import { smallLog } from '../e2e/small-study.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { expectProblem } from './exchange.ts';
import { createStudy } from './relevance-study.ts';
import { type RunningService, startService } from './running-service.ts';
import { datasetStudy, folderWithDataset, register, startSweeping, sweepOf } from './sweeping-service.ts';

describe('a sweep that cannot be', () => {
  let folder: TemporaryFolder;
  let service: RunningService;
  before(async () => {
    folder = await folderWithDataset();
    mkdirSync(folder.file('allowed'));
    service = await startSweeping(folder, { root: folder.file('allowed') });
  });
  after(async () => {
    await service.close();
    folder.remove();
    expect(service.faults).to.deep.equal([]);
  });

  let made = 0;
  /** A study on a dataset of its own, whose file is in the allowed folder. */
  const studyOn = async (file = 'allowed/log.csv', log = smallLog()): Promise<string> => {
    const name = `study-${made++}`;
    folder.write(file, log);
    await register(folder, name, file);
    const created = await service.post('/v1/studies', datasetStudy(name, {}, name));
    expect(created.status, created.text).to.equal(201);
    return name;
  };
  const refusedAtOnce = async (name: string): Promise<string> => {
    const { detail } = expectProblem(
      await service.post(`/v1/studies/${name}:sweep`),
      409,
      'dataset_unusable',
    );
    expect(detail).to.not.include(folder.path);
    return detail;
  };
  /** What a sweep that was accepted fails with. */
  const failure = async (name: string): Promise<{ code: string; detail: string }> => {
    const accepted = await service.post(`/v1/studies/${name}:sweep`, { trials: 2 });
    expect(accepted.status, accepted.text).to.equal(202);
    for (;;) {
      const { state, problem } = await sweepOf(service, name);
      if (state === 'failed') {
        expect(problem!.detail).to.not.include(folder.path);
        return problem!;
      }
      expect(state).to.be.oneOf(['queued', 'running']);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const withStore = async (work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>) => {
    const store = await openStore(folder.file('a.db'));
    await work(store);
    await store.destroy();
  };

  it('is told at once where the file is gone', async () => {
    const name = await studyOn();
    rmSync(folder.file('allowed/log.csv'));
    expect(await refusedAtOnce(name)).to.equal(
      `dataset "${name}" is gone: expected it where it was registered`,
    );
  });

  it('is told at once where the file is not in the allowed folder', async () => {
    const name = await studyOn('outside.csv');
    expect(await refusedAtOnce(name)).to.equal(
      `dataset "${name}" is not in the folder that the service may read: expected it there (--datasets)`,
    );
    symlinkSync(folder.file('outside.csv'), folder.file('allowed/inside.csv'));
    await register(folder, `${name}-link`, 'allowed/inside.csv');
    await service.post('/v1/studies', datasetStudy(`${name}-link`, {}, `${name}-link`));
    expect(await refusedAtOnce(`${name}-link`)).to.match(/is not in the folder that the service may read/);
  });

  it('is told at once where a link has taken the place of the file, or of its folder', async () => {
    const name = await studyOn('allowed/linked.csv');
    renameSync(folder.file('allowed/linked.csv'), folder.file('elsewhere.csv'));
    symlinkSync(folder.file('elsewhere.csv'), folder.file('allowed/linked.csv'));
    const expected = `dataset "${name}" is reached by a link now: expected the file itself, registered again`;
    expect(await refusedAtOnce(name)).to.equal(expected);
    mkdirSync(folder.file('allowed/part'));
    const within = await studyOn('allowed/part/log.csv');
    renameSync(folder.file('allowed/part'), folder.file('moved'));
    symlinkSync(folder.file('moved'), folder.file('allowed/part'));
    expect(await refusedAtOnce(within)).to.match(/is reached by a link now/);
  });

  it('is told at once where the file has another size, and by its process where other bytes', async () => {
    const name = await studyOn('allowed/changed.csv');
    const log = smallLog();
    folder.write('allowed/changed.csv', `${log}0,0.1,0.1,0.1,0.1,0,0,0\n`);
    expect(await refusedAtOnce(name)).to.match(
      /^dataset "study-\d+" is not what was registered, it has \d+ bytes instead of \d+: expected the same, or another dataset$/,
    );
    folder.write('allowed/changed.csv', log.replace('0.1', '0.2'));
    expect(await failure(name)).to.deep.equal({
      code: 'dataset_unusable',
      detail: `dataset "${name}" is not what was registered, its bytes have changed: expected the same, or another dataset`,
    });
  });

  it('fails in a line that names the dataset, where a value is broken', async () => {
    const lines = smallLog().split('\n');
    lines[7] = lines[7]!.replace(/,[^,]*/, ',high');
    const name = await studyOn('allowed/broken.csv', lines.join('\n'));
    const { code, detail } = await failure(name);
    expect(code).to.equal('log_invalid');
    expect(detail).to.match(new RegExp(`^dataset "${name}": line 8: .*"high"`));
  });

  it('fails in a line where the dataset lacks a column that the study names', async () => {
    const name = await studyOn('allowed/columns.csv');
    folder.write('allowed/columns.csv', smallLog().replace('s_save', 's_safe'));
    await withStore((store) => forgetDataset({ store }, name));
    await register(folder, name, 'allowed/columns.csv');
    const { code, detail } = await failure(name);
    expect(code).to.equal('log_invalid');
    expect(detail).to.match(
      new RegExp(`^dataset "${name}": the log has no column "s_save" \\(score of head save\\)`),
    );
  });

  it('of other bytes than the trials so far is refused, and what was done stays', async () => {
    const name = await studyOn('allowed/resumed.csv');
    await service.post(`/v1/studies/${name}:sweep`, { trials: 2 });
    while ((await sweepOf(service, name)).state !== 'completed') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    folder.write('allowed/resumed.csv', smallLog(800));
    await withStore((store) => forgetDataset({ store }, name));
    expect(await refusedAtOnce(name)).to.equal(
      `dataset "${name}" is not registered any more: expected it (pondera datasets add)`,
    );
    await register(folder, name, 'allowed/resumed.csv');
    const { code, detail } = await failure(name);
    expect(code).to.equal('study_changed');
    expect(detail).to.include('the bytes of the log are not what they were');
    expect((await sweepOf(service, name)).trials.completed).to.equal(2);
  });

  it('of a study without a log, or of none, is refused', async () => {
    await createStudy(service, 'plain');
    expectProblem(await service.post('/v1/studies/plain:sweep'), 422, 'study_unsupported');
    expectProblem(await service.post('/v1/studies/nobody:sweep'), 404, 'study_not_found');
    expectProblem(await service.get('/v1/studies/plain/sweep'), 404, 'sweep_not_found');
    expectProblem(await service.get('/v1/studies/nobody/sweep'), 404, 'study_not_found');
    for (const verb of ['pause', 'resume', 'cancel']) {
      expectProblem(await service.post(`/v1/studies/plain/sweep:${verb}`), 404, 'sweep_not_found');
      expectProblem(
        await service.post(`/v1/studies/plain/sweep:${verb}`, { now: true }),
        422,
        'request_invalid',
        '/now',
      );
    }
  });

  it('with what is out of bounds is refused', async () => {
    const name = await studyOn('allowed/bounds.csv');
    for (const [body, pointer] of [
      [{ trials: 0 }, '/trials'],
      [{ trials: 2001 }, '/trials'],
      [{ threads: 0 }, '/threads'],
      [{ threads: 2 }, '/threads'],
      [{ path: '/etc/passwd' }, '/path'],
    ] as const) {
      expectProblem(await service.post(`/v1/studies/${name}:sweep`, body), 422, 'request_invalid', pointer);
    }
    expectProblem(await service.get(`/v1/studies/${name}:sweep`), 405, 'method_not_allowed');
  });

  it('is refused by a service that may read no dataset', async () => {
    copyFileSync(folder.file('a.db'), folder.file('b.db'));
    const without = await startService(folder.file('b.db'));
    await register(folder, 'last', 'outside.csv');
    await without.post('/v1/studies', datasetStudy('late', {}, 'study-1'));
    const refused = expectProblem(await without.post('/v1/studies/late:sweep'), 409, 'dataset_unusable');
    expect(refused.detail).to.match(/^this service may read no dataset/);
    await without.close();
    expect(without.faults).to.deep.equal([]);
  });
});
