import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect } from 'chai';
import { findStudy, type StoredStudy } from '../../store/studies.ts';
import { openStore } from '../../store/open.ts';
import { datasetResourceSchema } from '../../src/server/dataset-resources.ts';
import { runPondera } from '../e2e/run-pondera.ts';
import { smallStudy } from '../e2e/small-study.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { expectProblem } from './exchange.ts';
import type { RunningService } from './running-service.ts';
import {
  datasetStudy,
  folderWithDataset,
  startSweeping,
  storedTrials,
  sweepOf,
  trialsOf,
  untilSweep,
} from './sweeping-service.ts';

const TRIALS = 14;

/** A process is killed in some hundredths of a second, on a machine with nothing else to do. */
const LONGEST_CANCEL_MS = 3000;

/** Delays of the loop are measured on machines that do much besides; the work of a sweep would hold it for seconds. */
const LONGEST_MEAN_DELAY_MS = 50;

async function storedStudy(db: string, name: string): Promise<StoredStudy> {
  const store = await openStore(db);
  try {
    return (await findStudy(store, name))!;
  } finally {
    await store.destroy();
  }
}

describe('a sweep by the service', () => {
  let folder: TemporaryFolder;
  let service: RunningService;
  const create = async (name: string, more: object = {}): Promise<void> => {
    const { status, text } = await service.post('/v1/studies', datasetStudy(name, more));
    expect(status, text).to.equal(201);
  };
  const start = (name: string, body: object = { trials: TRIALS }) =>
    service.post(`/v1/studies/${name}:sweep`, body);
  const completed = (name: string) => untilSweep(service, name, ({ state }) => state === 'completed');
  /** What `pondera sweep` stores on the same log, under another name in another database. */
  const byCommand = async (trials: number, changes: Readonly<Record<string, string>> = {}) => {
    folder.write('study.yaml', smallStudy(changes));
    const db = `command-${trials}.db`;
    const args = ['sweep', 'study.yaml', '--db', db, '--trials', String(trials), '--workers', '1'];
    const { code, stderr } = await runPondera(args, { cwd: folder.path });
    expect(code, stderr).to.equal(0);
    return trialsOf(folder.file(db), 'small');
  };
  let expected: readonly object[];

  before(async () => {
    folder = await folderWithDataset();
    service = await startSweeping(folder, { workers: 2 });
    expected = await byCommand(TRIALS);
  });
  after(async () => {
    await service.close();
    folder.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('runs the very trials of the command line, to the bit, while requests are answered', async () => {
    await create('whole');
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const accepted = await start('whole');
    expect(accepted.status, accepted.text).to.equal(202);
    expect(accepted.headers.location).to.equal('/v1/studies/whole/sweep');
    expect(accepted.body).to.deep.include({ run: 1, state: 'queued', dataset: 'feed', problem: null });
    const sweep = await completed('whole');
    delay.disable();
    expect(delay.mean / 1e6).to.be.lessThan(LONGEST_MEAN_DELAY_MS);
    expect(sweep.trials).to.deep.equal({ completed: TRIALS, budget: TRIALS });
    expect(await trialsOf(folder.file('a.db'), 'whole')).to.deep.equal(expected);
    const { body } = await service.get<{ trial: { number: number } }>('/v1/studies/whole/trials:best');
    expect(sweep.incumbent).to.include({ trial: body.trial.number, metric: 'long_click.average_precision' });
    const dataset = datasetResourceSchema.parse((await service.get('/v1/datasets/feed')).body);
    expect(dataset.requests).to.deep.equal({ column: 'r', count: 100 });
  });

  it('stores the study as the command line would, but for where its log is', async () => {
    const [own, command] = [
      await storedStudy(folder.file('a.db'), 'whole'),
      await storedStudy(folder.file(`command-${TRIALS}.db`), 'small'),
    ];
    expect(own.logFingerprint).to.equal(command.logFingerprint);
    const { log, ...rest } = own.definition;
    const { log: ofCommand, ...restOfCommand } = command.definition;
    expect(rest).to.deep.equal({ ...restOfCommand, name: 'whole' });
    expect(log).to.deep.equal({ dataset: 'feed', request: 'r', nullScores: 'refuse' });
    expect(ofCommand).to.include({ path: 'log.csv' });
  });

  it('comes to the same when it is paused and resumed on the way, and with another number of threads', async () => {
    await create('paused');
    await start('paused', { trials: TRIALS, threads: 1 });
    for (const reached of [2, 5, 9]) {
      await untilSweep(service, 'paused', ({ trials }) => trials.completed >= reached);
      const paused = await service.post<{ state: string; secondsLeft: unknown }>(
        '/v1/studies/paused/sweep:pause',
      );
      expect(paused.status, paused.text).to.equal(200);
      expect(paused.body).to.include({ state: 'paused', secondsLeft: null });
      const before = await sweepOf(service, 'paused');
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await sweepOf(service, 'paused'), 'nothing goes on, and no time is counted').to.deep.equal(
        before,
      );
      const again = await service.post('/v1/studies/paused/sweep:pause');
      expect(expectProblem(again, 409, 'sweep_state').state).to.equal('paused');
      const verb = reached === 5 ? ':sweep' : '/sweep:resume';
      const resumed = await service.post<{ run: number }>(`/v1/studies/paused${verb}`);
      expect(resumed.status, resumed.text).to.equal(reached === 5 ? 202 : 200);
      expect(resumed.body.run).to.equal(1);
    }
    await completed('paused');
    expect(await trialsOf(folder.file('a.db'), 'paused')).to.deep.equal(expected);
  });

  it('takes more trials later, as a run of its own, and one that has all ends at once', async () => {
    await create('longer');
    await start('longer', { trials: 6 });
    await completed('longer');
    const more = await start('longer');
    expect(more.body).to.include({ run: 2, state: 'queued' });
    await completed('longer');
    expect(await trialsOf(folder.file('a.db'), 'longer')).to.deep.equal(expected);
    await start('longer', {});
    const none = await untilSweep(service, 'longer', ({ state, run }) => state === 'completed' && run === 3);
    expect(none.trials).to.deep.equal({ completed: TRIALS, budget: TRIALS });
  });

  it('ends at once when it is cancelled, leaves no trial running, and can be begun again', async () => {
    await create('cancelled');
    await start('cancelled');
    await untilSweep(service, 'cancelled', ({ trials }) => trials.completed >= 1);
    const from = performance.now();
    const cancelled = await service.post<{ state: string; endedAt: string }>(
      '/v1/studies/cancelled/sweep:cancel',
    );
    expect(performance.now() - from).to.be.lessThan(LONGEST_CANCEL_MS);
    expect(cancelled.body.state).to.equal('cancelled');
    expect(cancelled.body.endedAt).to.not.equal(null);
    const left = await storedTrials(folder.file('a.db'), 'cancelled');
    expect(left.filter(({ state }) => state === 'running')).to.deep.equal([]);
    for (const verb of ['sweep:cancel', 'sweep:pause', 'sweep:resume']) {
      const refused = expectProblem(await service.post(`/v1/studies/cancelled/${verb}`), 409, 'sweep_state');
      expect(refused.state).to.equal('cancelled');
    }
    expect((await start('cancelled')).body).to.include({ run: 2 });
    await completed('cancelled');
    const ended = await storedTrials(folder.file('a.db'), 'cancelled');
    expect(ended.filter(({ state }) => state === 'completed')).to.have.length(TRIALS + 1);
  });

  it('waits for its turn where another runs, and can be paused and cancelled there', async () => {
    for (const name of ['first', 'second', 'third']) await create(name);
    await start('first', { trials: 200 });
    await start('second', { trials: 5 });
    await start('third', { trials: 5 });
    await untilSweep(service, 'first', ({ state }) => state === 'running');
    expect((await sweepOf(service, 'second')).state).to.equal('queued');
    const refused = expectProblem(await start('second'), 409, 'sweep_state');
    expect(refused.state).to.equal('queued');
    expect(refused.detail).to.equal(
      'the sweep of study "second" is queued: expected one that neither waits nor runs',
    );
    await service.post('/v1/studies/second/sweep:pause');
    expect((await sweepOf(service, 'second')).state).to.equal('paused');
    await service.post('/v1/studies/first/sweep:cancel');
    await completed('third');
    expect((await sweepOf(service, 'second')).state).to.equal('paused');
    await service.post('/v1/studies/second/sweep:cancel');
    expect((await sweepOf(service, 'second')).state).to.equal('cancelled');
  });

  it('is begun once under an Idempotency-Key', async () => {
    await create('keyed');
    const first = await service.keyed('k1', '/v1/studies/keyed:sweep', { trials: 3 });
    const again = await service.keyed('k1', '/v1/studies/keyed:sweep', { trials: 3 });
    expect(again.status).to.equal(202);
    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect(again.text).to.equal(first.text);
    await completed('keyed');
    expect((await sweepOf(service, 'keyed')).run).to.equal(1);
  });

  it('is the only one who runs trials: clients are refused, and what they may do it takes into account', async () => {
    await create('shared');
    await start('shared', { trials: 30 });
    await untilSweep(service, 'shared', ({ trials }) => trials.completed >= 3);
    for (const [path, body] of [
      ['trials:suggest', {}],
      ['trials', { replicateOf: 1 }],
      ['trials/1:complete', { metrics: { 'save.average_precision': 1 } }],
      ['trials/1:fail', {}],
    ] as const) {
      expectProblem(await service.post(`/v1/studies/shared/${path}`, body), 409, 'study_has_log');
    }
    expect((await service.post('/v1/studies/shared/trials/1:void', { reason: 'a test' })).status).to.equal(
      200,
    );
    await completed('shared');
    const trials = await storedTrials(folder.file('a.db'), 'shared');
    expect(trials.find(({ number }) => number === 1)!.state).to.equal('voided');
    expect(trials.filter(({ state }) => state === 'completed')).to.have.length(31);
  });

  it('agrees with a command line that sweeps the same study at the same time', async () => {
    await create('both');
    await start('both');
    folder.write('both.yaml', smallStudy({ 'name: small': 'name: both' }));
    await untilSweep(service, 'both', ({ phase, trials }) => phase === 'trials' && trials.completed > 0);
    const args = ['sweep', 'both.yaml', '--db', 'a.db', '--trials', String(TRIALS), '--workers', '1'];
    const { code, stderr } = await runPondera(args, { cwd: folder.path });
    expect(code, stderr).to.equal(0);
    await completed('both');
    expect(await trialsOf(folder.file('a.db'), 'both')).to.deep.equal(expected);
    const { body } = await service.get<{ definition: { log: object } }>('/v1/studies/both');
    expect(body.definition.log).to.include({ dataset: 'feed' });
  });

  it('goes on with a study of the command line, where its log is registered', async () => {
    folder.write('begun.yaml', smallStudy({ 'name: small': 'name: begun' }));
    const args = ['sweep', 'begun.yaml', '--db', 'a.db', '--trials', '5', '--workers', '1'];
    const { code, stderr } = await runPondera(args, { cwd: folder.path });
    expect(code, stderr).to.equal(0);
    expect((await start('begun')).body).to.include({ run: 1, dataset: 'feed' });
    await completed('begun');
    expect(await trialsOf(folder.file('a.db'), 'begun')).to.deep.equal(expected);
  });

  it('of an archived study fails in a line, and goes on when it is unarchived', async () => {
    await create('archived');
    await start('archived', { trials: 200 });
    await untilSweep(service, 'archived', ({ trials }) => trials.completed >= 1);
    await service.post('/v1/studies/archived:archive');
    const isOver = async (): Promise<boolean> => (await sweepOf(service, 'archived')).state === 'failed';
    while (!(await isOver())) await new Promise((resolve) => setTimeout(resolve, 20));
    const { problem } = await sweepOf(service, 'archived');
    expect(problem!.code).to.equal('study_archived');
    expectProblem(await start('archived'), 409, 'study_archived');
    await service.post('/v1/studies/archived:unarchive');
    const { trials } = await sweepOf(service, 'archived');
    await start('archived', { trials: trials.completed + 1 });
    await completed('archived');
  });

  it('with fewer trials than the study has is refused', async () => {
    const answer = await start('begun', { trials: 4 });
    expectProblem(answer, 422, 'request_invalid', '/trials');
    expect(answer.text).to.match(/is 4, and study .*begun.* has \d+ trials: expected so many at least/);
  });

  it('has an event for whatever becomes of it, by whom', async () => {
    const { body } = await service.get<{ events: { kind: string; actor: string; trial: number | null }[] }>(
      '/v1/studies/paused/events?pageSize=1000',
    );
    const ofSweep = body.events.filter(({ kind }) => kind.startsWith('sweep_'));
    expect(ofSweep.map(({ kind, actor }) => `${kind} ${actor}`)).to.deep.equal([
      'sweep_queued local',
      'sweep_started service',
      ...[1, 2, 3].flatMap(() => ['sweep_paused local', 'sweep_resumed local', 'sweep_started service']),
      'sweep_completed service',
    ]);
    for (const { kind, actor, trial } of body.events) {
      if (trial !== null) expect(actor, kind).to.equal('local');
    }
  });

  it('says how many there are', async () => {
    const { text } = await service.get('/metrics');
    expect(text).to.match(/^pondera_sweeps\{state="completed"\} [1-9]/m);
    expect(text).to.match(/^pondera_sweeps\{state="running"\} 0$/m);
    expect(text).to.match(/^pondera_sweep_listeners 0$/m);
  });
});
