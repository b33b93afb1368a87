import { expect } from 'chai';
import { findStudy } from '../../store/studies.ts';
import { openStore } from '../../store/open.ts';
import { printedBy } from '../e2e/run-pondera.ts';
import { smallStudy } from '../e2e/small-study.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import type { RunningService } from './running-service.ts';
import { datasetStudy, folderWithDataset, startSweeping, trialsOf, untilSweep } from './sweeping-service.ts';

describe('a sweep by the service, in other forms,', () => {
  let folder: TemporaryFolder;
  let service: RunningService | undefined;
  const swept = async (name: string, more: object, options: object = {}) => {
    service = await startSweeping(folder, options);
    const created = await service.post('/v1/studies', datasetStudy(name, more));
    expect(created.status, created.text).to.equal(201);
    await service.post(`/v1/studies/${name}:sweep`, { trials: 5 });
    return untilSweep(service, name, ({ state }) => state === 'completed');
  };
  const printed = async (name: string, ...args: readonly string[]) =>
    JSON.parse(
      await printedBy(
        ['sweep', `${name}.yaml`, '--db', `${name}.db`, '--trials', '5', '--workers', '1', '--json', ...args],
        { cwd: folder.path },
      ),
    ) as { holdout: object; disagreements: object };
  before(async () => {
    folder = await folderWithDataset(800);
  });
  afterEach(async () => {
    await service?.close();
    expect(service?.faults).to.deep.equal([]);
  });
  after(() => folder.remove());

  it('tells the result on the hold-out as the command line does', async () => {
    const { findings } = await swept('held', { holdout: { share: 0.3, by: 'request' } });
    folder.write(
      'held.yaml',
      `${smallStudy({ 'name: small': 'name: held' })}holdout: { share: 0.3, by: request }\n`,
    );
    const { holdout, disagreements } = await printed('held');
    expect(findings).to.deep.equal({ holdout, disagreements });
    expect(await trialsOf(folder.file('a.db'), 'held')).to.deep.equal(
      await trialsOf(folder.file('held.db'), 'held'),
    );
  });

  it('bins a log that its memory does not hold, as the command line does', async () => {
    const objective = { objective: 'maximize long_click.roc_auc', guardrails: [], report: ['save.roc_auc'] };
    const sweep = await swept('binned', objective, { memory: 400_001_000 });
    expect(sweep.incumbent).to.include({ metric: 'long_click.roc_auc' });
    folder.write(
      'binned.yaml',
      smallStudy({
        'name: small': 'name: binned',
        'long_click.average_precision': 'long_click.roc_auc',
        'guardrails:\n  - save.average_precision >= 0.9 * baseline\n  - click.average_precision >= 0.9 * baseline\n':
          'report: [save.roc_auc]\n',
      }),
    );
    await printed('binned', '--memory', '400.001MB');
    expect(await trialsOf(folder.file('a.db'), 'binned')).to.deep.equal(
      await trialsOf(folder.file('binned.db'), 'binned'),
    );
    const store = await openStore(folder.file('a.db'));
    const { definition } = (await findStudy(store, 'binned'))!;
    await store.destroy();
    expect(definition.log).to.deep.include({ dataset: 'feed', form: 'histogram', bins: 4096 });
    expect(definition.guardrailMargin).to.equal(0);
  });

  it('fills a Pareto set', async () => {
    const { incumbent } = await swept('several', {
      objective: undefined,
      objectives: ['maximize long_click.average_precision', 'maximize save.average_precision'],
    });
    expect(incumbent).to.have.keys(['paretoTrials', 'hypervolume']);
  });
});
