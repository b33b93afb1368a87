import { copyFileSync, renameSync } from 'node:fs';
import { expect } from 'chai';
import { forgetDataset } from '../../src/service/datasets.ts';
import { openStore } from '../../store/open.ts';
import { smallLog } from '../e2e/small-study.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { createOnDataset, experimentsOf, planOn, sweepTrials, until, WINDOW } from './dataset-experiments.ts';
import { exchange, expectProblem } from './exchange.ts';
import { type RunningService, startService } from './running-service.ts';
import { folderWithDataset, register, startSweeping, type SweepingOptions } from './sweeping-service.ts';

const BODY = { window: WINDOW, arms: 3, promised: 0 };

describe('experiments that cannot be measured', () => {
  let folder: TemporaryFolder;
  let service: RunningService;
  const restart = async (options: SweepingOptions = {}): Promise<void> => {
    await service.close();
    service = await startSweeping(folder, options);
  };
  const nothingIsStored = async (name: string): Promise<void> => {
    const { body } = await service.get(experimentsOf(name));
    expect(body).to.deep.equal({ experiments: [] });
  };
  const refused = async (name: string, status: number, code: string): Promise<string> => {
    const answer = await service.keyed(`key-${name}`, experimentsOf(name), BODY);
    const { detail } = expectProblem(answer, status, code);
    expect(detail).to.not.include(folder.path);
    await nothingIsStored(name);
    await until(() => service.measuring!.working() === 0);
    return detail;
  };

  before(async () => {
    folder = await folderWithDataset();
    service = await startSweeping(folder);
    await createOnDataset(service, 'ours');
  });
  after(async () => {
    await service.close();
    folder.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('are told that the file is gone, or has other bytes, and are planned under the same key once it is back', async () => {
    renameSync(folder.file('log.csv'), folder.file('away.csv'));
    expect(await refused('ours', 409, 'dataset_unusable')).to.equal(
      'dataset "feed" is gone: expected it where it was registered',
    );
    const log = smallLog();
    folder.write('log.csv', log.replace('0.1', '0.2'));
    expect(await refused('ours', 409, 'dataset_unusable')).to.equal(
      'dataset "feed" is not what was registered, its bytes have changed: expected the same, or another dataset',
    );
    folder.write('log.csv', `${log}0,0.1,0.1,0.1,0.1,0,0,0\n`);
    expect(await refused('ours', 409, 'dataset_unusable')).to.match(
      /^dataset "feed" is not what was registered, it has \d+ bytes instead of \d+/,
    );
    renameSync(folder.file('away.csv'), folder.file('log.csv'));
    const answer = await service.keyed('key-ours', experimentsOf('ours'), BODY);
    expect(answer.status, answer.text).to.equal(201);
  });

  it('are told which value is broken', async () => {
    const lines = smallLog().split('\n');
    lines[7] = lines[7]!.replace(/,[^,]*/, ',high');
    folder.write('broken.csv', lines.join('\n'));
    await register(folder, 'broken', 'broken.csv');
    await createOnDataset(service, 'broken', 'broken');
    expect(await refused('broken', 422, 'log_invalid')).to.match(/^dataset "broken": line 8: .*"high"/);
  });

  it('are told of a log that is larger than memory may hold', async () => {
    await restart({ memory: 400_001_000 });
    await createOnDataset(service, 'large');
    expect(await refused('large', 422, 'log_unreadable')).to.match(
      /^dataset "feed": evaluating \d+ impressions takes about .* expected a smaller log/,
    );
    await restart();
  });

  it('are told of another log than that of the trials', async () => {
    await createOnDataset(service, 'swept');
    await sweepTrials(service, 'swept', 1);
    const store = await openStore(folder.file('a.db'));
    await forgetDataset({ store }, 'feed');
    await store.destroy();
    expect(await refused('swept', 409, 'dataset_unusable')).to.equal(
      'dataset "feed" is not registered any more: expected it (pondera datasets add)',
    );
    copyFileSync(folder.file('log.csv'), folder.file('small.csv'));
    folder.write('log.csv', smallLog(800));
    await register(folder, 'feed', 'log.csv');
    expect(await refused('swept', 409, 'study_changed')).to.match(/^study "swept" was swept on another log/);
  });

  it('are planned without where the study or the service has no log for it, and say why', async () => {
    const { provenance } = await planOn(service, 'swept', { ...BODY, measure: false });
    expect(provenance.notes.at(-1)).to.match(/none merged: the request says so$/);
    await createOnDataset(service, 'binned', 'feed', {
      log: { dataset: 'feed', request: 'r', form: 'histogram' },
      objective: 'maximize long_click.roc_auc',
      guardrails: [],
      online: undefined,
    });
    const patched = await planBinned();
    expect(patched).to.equal(
      'arms were not measured on a log, and none merged: the study’s is in the histogram form, which keeps no rankings',
    );
    copyFileSync(folder.file('a.db'), folder.file('b.db'));
    const without = await startService(folder.file('b.db'));
    await createOnDataset(without, 'unread');
    const unread = await planOn(without, 'unread', BODY);
    expect(unread.provenance.notes.at(-1)).to.equal(
      'arms were not measured on a log, and none merged: this service may read no dataset (serve --datasets)',
    );
    await without.close();
    expect(without.faults).to.deep.equal([]);
  });

  /** The note of a round of the study in the histogram form. */
  async function planBinned(): Promise<string | undefined> {
    const online = {
      metrics: { long: { kind: 'volume', offline: 'long_click.roc_auc' } },
      objective: 'maximize long',
    };
    const answer = await exchange(service.address, 'PATCH', '/v1/studies/binned', {
      headers: { 'content-type': 'application/json', 'if-match': '*' },
      body: JSON.stringify({ online }),
    });
    expect(answer.status, answer.text).to.equal(200);
    const { provenance } = await planOn(service, 'binned', BODY);
    return provenance.notes.at(-1);
  }
});
