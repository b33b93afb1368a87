import { copyFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ExperimentArm } from '../../src/domain/experiment.ts';
import type { StoredExperiment } from '../../src/service/read-experiments.ts';
import type { NextStep } from '../../src/service/recommend-next.ts';
import { succeed } from '../cli/online/online-study.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { createOnDataset, experimentsOf, planOn, sweepTrials, until, WINDOW } from './dataset-experiments.ts';
import type { RunningService } from './running-service.ts';
import { folderWithDataset, startSweeping } from './sweeping-service.ts';

/** Means that follow the weights, of 20,000 users an arm. */
function readoutOf(arms: readonly Pick<ExperimentArm, 'name' | 'weights'>[]) {
  const measured = (meanOf: (weights: ExperimentArm['weights']) => number) =>
    Object.fromEntries(arms.map(({ name, weights }) => [name, { mean: meanOf(weights), sem: 0.01 }]));
  return {
    window: WINDOW,
    units: Object.fromEntries(arms.map(({ name }) => [name, 20_000])),
    metrics: {
      long: { kind: 'volume', arms: measured(({ long_click: long }) => 1 + 0.3 * long! * (1.6 - long!)) },
      clicks: { kind: 'volume', arms: measured(({ save }) => 5 - 0.4 * save!) },
    },
  };
}

/** All but who planned it and when, as text: to the last bit and in the same order. */
function planned({ createdAt: _at, createdBy: _by, ...rest }: StoredExperiment): string {
  return JSON.stringify(rest);
}

describe('experiments over REST on a registered dataset', () => {
  let folder: TemporaryFolder;
  let service: RunningService;
  const rounds: { rest: string; cli: string }[] = [];

  const ofCli = async (...args: readonly string[]): Promise<string> =>
    (await succeed(folder, [...args, '--db', 'cli.db', '--workers', '2', '--json']))[0]!;
  const arms = async (...args: readonly string[]): Promise<string> =>
    ofCli('arms', 'ours', '--log', 'log.csv', '--start', WINDOW.start, '--days', '14', ...args);
  before(async () => {
    folder = await folderWithDataset(800);
    service = await startSweeping(folder, { sweeps: 2 });
    // Arms are measured on the part that its trials are scored on.
    await createOnDataset(service, 'ours', 'feed', { holdout: { share: 0.3, by: 'request' } });
    await sweepTrials(service, 'ours', 8);
    await service.close();
    copyFileSync(folder.file('a.db'), folder.file('cli.db'));
    service = await startSweeping(folder, { sweeps: 2 });
  });
  after(async () => {
    await service.close();
    folder.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('have the arms, offline values, merges and spreads that the command line has, to the bit', async () => {
    const rest = await planOn(service, 'ours', { arms: 6, merge: { above: 0.8, cutoff: 3 } });
    const cli = await arms('--arms', '6', '--merge', '0.8', '--top', '3');
    rounds.push({ rest: planned(rest), cli: planned(JSON.parse(cli) as StoredExperiment) });
    expect(rounds[0]!.rest).to.equal(rounds[0]!.cli);
    const { merged, spreads, notes, trials } = rest.provenance;
    expect(merged.length, 'some are merged').to.be.within(1, 5);
    for (const { agreement, name } of merged) {
      expect(agreement).to.be.above(0.8);
      expect(rest.arms.map((arm) => arm.name)).to.not.include(name);
    }
    expect(rest.arms).to.have.lengthOf(7 - merged.length);
    expect(trials).to.have.lengthOf(9);
    expect(Object.keys(spreads!)).to.have.members(['save', 'click', 'long_click']);
    for (const { offline } of rest.arms) {
      expect(Object.keys(offline!)).to.have.members([
        'long_click.average_precision',
        'click.average_precision',
      ]);
    }
    expect(notes.join()).to.not.include('measured');
    // Its process is ended with the request.
    await until(() => service.measuring!.working() === 0);
  });

  it('are recommended by what the log told of the weights, as many arms as were asked of the last round', async () => {
    const rest = JSON.parse(rounds[0]!.rest) as StoredExperiment;
    const readout = readoutOf(rest.arms);
    const stored = await service.post(`${experimentsOf('ours')}/1/readouts`, { readout });
    expect(stored.status, stored.text).to.equal(201);
    folder.write('readout.json', JSON.stringify(readout));
    await succeed(folder, ['readout', 'ours', 'readout.json', '--db', 'cli.db']);
    const { body } = await service.get<NextStep>(`${experimentsOf('ours')}:recommend`);
    expect(body).to.deep.equal(JSON.parse(await ofCli('recommend', 'ours')));
    expect(body.spreads).to.deep.equal(rest.provenance.spreads);
    expect(body.action).to.equal('run');
    expect(body.arms, 'asked, not left after merging').to.have.lengthOf(6);
  });

  it('merge by 0.95 on the first ten where nobody says otherwise, in later rounds too', async () => {
    const rest = await planOn(service, 'ours', { arms: 6 });
    const cli = await arms('--arms', '6');
    expect(planned(rest)).to.equal(planned(JSON.parse(cli) as StoredExperiment));
    expect(rest.number).to.equal(2);
    expect(rest.provenance.request.merge).to.deep.equal({ above: 0.95, cutoff: 10 });
  });

  it('merge none above a tau of 1', async () => {
    await createOnDataset(service, 'apart');
    const rest = await planOn(service, 'apart', { arms: 12, merge: { above: 1 } });
    expect(rest.arms).to.have.lengthOf(13);
    expect(rest.arms.every(({ offline }) => offline !== null)).to.equal(true);
    expect(rest.provenance.merged).to.deep.equal([]);
  });

  it('are planned once under an Idempotency-Key, two studies side by side', async () => {
    await createOnDataset(service, 'left');
    await createOnDataset(service, 'right');
    const body = { window: WINDOW, arms: 4, promised: 0 };
    const names = ['left', 'right'] as const;
    const both = await Promise.all(
      names.map((name) => service.keyed<StoredExperiment>(`key-${name}`, experimentsOf(name), body)),
    );
    expect(both.map(({ status }) => status)).to.deep.equal([201, 201]);
    // The same study but for its name: the same arms, names of arms, offline values, merges and spreads.
    const [left, right] = both.map((answer) => answer.body);
    expect(left!.arms).to.deep.equal(right!.arms);
    expect(left!.provenance.spreads).to.deep.equal(right!.provenance.spreads).and.not.equal(null);
    const again = await service.keyed<StoredExperiment>('key-left', experimentsOf('left'), body);
    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect(again.body).to.deep.equal(left);
  });

  it('are not measured where the request does not want it, which they note', async () => {
    await createOnDataset(service, 'blind');
    const { arms: chosen, provenance } = await planOn(service, 'blind', { arms: 2, measure: false });
    expect(chosen.every(({ offline }) => offline === null)).to.equal(true);
    expect(provenance.spreads).to.equal(null);
    expect(provenance.notes.at(-1)).to.equal(
      'arms were not measured on a log, and none merged: the request says so',
    );
    expect(provenance.notes.join()).not.to.include('sweep');
  });

  it('note that the sweep of the study has not ended', async () => {
    await createOnDataset(service, 'early');
    await service.post('/v1/studies/early:sweep');
    await service.post('/v1/studies/early/sweep:pause');
    const { provenance } = await planOn(service, 'early', { arms: 2, measure: false });
    expect(provenance.notes.at(-1)).to.equal(
      'the sweep of the study is paused: what it has not measured yet was not known',
    );
  });
});
