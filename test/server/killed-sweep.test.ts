import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { runPondera } from '../e2e/run-pondera.ts';
import { smallStudy } from '../e2e/small-study.ts';
import type { TemporaryFolder } from '../e2e/temporary-folder.ts';
import type { StoredTrial } from '../../store/trials.ts';
import { sendJson } from './exchange.ts';
import type { RunningService } from './running-service.ts';
import { serve, type ServeProcess } from './serve-process.ts';
import {
  datasetStudy,
  folderWithDataset,
  storedTrials,
  sweepOf,
  trialsOf,
  untilSweep,
} from './sweeping-service.ts';

const TRIALS = 12;
const KILLS = 4;

/** Past a trial, so that any moment of one is met. */
const LONGEST_WAIT_MS = 150;

/** How long the process of a sweep may outlive its service. */
const LONGEST_ORPHAN_MS = 3000;

/** Longer than a trial. */
const STILL_MS = 1000;

describe('a sweep whose service is killed', function () {
  this.timeout(180_000);
  let folder: TemporaryFolder;
  let running: ServeProcess;
  let address = '';
  const start = async (): Promise<void> => {
    running = serve('--port', '0', '--db', folder.file('a.db'), '--datasets', folder.path);
    address = await running.address;
  };
  const service: Pick<RunningService, 'get' | 'post'> = {
    get: (path) => sendJson(address, 'GET', path),
    post: (path, value) => sendJson(address, 'POST', path, value),
  };
  let expected: readonly object[];

  before(async () => {
    folder = await folderWithDataset();
    folder.write('study.yaml', smallStudy());
    const args = ['sweep', 'study.yaml', '--db', 'c.db', '--trials', String(TRIALS), '--workers', '1'];
    expect((await runPondera(args, { cwd: folder.path })).code).to.equal(0);
    expected = await trialsOf(folder.file('c.db'), 'small');
    await start();
  });
  after(async () => {
    running.kill('SIGKILL');
    await running.ended;
    folder.remove();
  });

  it('goes on when the service is started again, and loses and repeats no trial', async () => {
    const random = randomStream(31, 'kills of a service that sweeps');
    await service.post('/v1/studies', datasetStudy('killed'));
    expect((await service.post('/v1/studies/killed:sweep', { trials: TRIALS })).status).to.equal(202);
    let seen: readonly StoredTrial[] = [];
    let kills = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      await untilSweep(service, 'killed', ({ trials }) => trials.completed >= Math.min(kill * 2, TRIALS - 2));
      await new Promise((resolve) => setTimeout(resolve, random.uniform() * LONGEST_WAIT_MS));
      running.kill('SIGKILL');
      if ((await running.ended).signal === 'SIGKILL') kills++;
      await untilNoProcessOf(folder);
      const stored = await storedTrials(folder.file('a.db'), 'killed');
      const completed = stored.filter(({ state }) => state === 'completed');
      // Those that are evaluated at once end in any order.
      const known = new Set(seen.map(({ number }) => number));
      expect(completed.filter(({ number }) => known.has(number))).to.deep.equal(seen);
      seen = completed;
      await start();
    }
    expect(kills).to.equal(KILLS);
    const sweep = await untilSweep(service, 'killed', ({ state }) => state === 'completed');
    expect(sweep).to.deep.include({ run: 1, trials: { completed: TRIALS, budget: TRIALS } });
    expect(await trialsOf(folder.file('a.db'), 'killed')).to.deep.equal(expected);
    const { body } = await service.get<{ events: { kind: string; trial: number | null }[] }>(
      '/v1/studies/killed/events?pageSize=1000',
    );
    const completions = body.events.filter(({ kind }) => kind === 'trial_completed');
    expect(new Set(completions.map(({ trial }) => trial)).size).to.equal(completions.length);
    expect(completions).to.have.length(TRIALS + 1);
  });

  it('is left in order by a service that is stopped, and goes on with the next', async () => {
    await service.post('/v1/studies', datasetStudy('stopped'));
    await service.post('/v1/studies/stopped:sweep', { trials: TRIALS });
    await untilSweep(service, 'stopped', ({ trials }) => trials.completed >= 3);
    const from = performance.now();
    running.kill('SIGTERM');
    expect(await running.ended).to.include({ code: 0, stderr: '' });
    expect(performance.now() - from).to.be.lessThan(5000);
    await untilNoProcessOf(folder);
    await start();
    await untilSweep(service, 'stopped', ({ state }) => state === 'completed');
    expect(await trialsOf(folder.file('a.db'), 'stopped')).to.deep.equal(expected);
    const { body } = await service.get<{ events: { kind: string }[] }>(
      '/v1/studies/stopped/events?pageSize=1000',
    );
    expect(body.events.map(({ kind }) => kind).filter((kind) => kind.startsWith('sweep_'))).to.deep.equal([
      'sweep_queued',
      'sweep_started',
      'sweep_interrupted',
      'sweep_resumed',
      'sweep_started',
      'sweep_completed',
    ]);
  });

  it('is paused, resumed and cancelled by another service on the same database', async () => {
    const other = serve('--port', '0', '--db', folder.file('a.db'), '--datasets', folder.path);
    const there = await other.address;
    const ask = (verb: string) => sendJson<{ state: string }>(there, 'POST', `/v1/studies/two/sweep:${verb}`);
    await service.post('/v1/studies', datasetStudy('two'));
    await service.post('/v1/studies/two:sweep', { trials: 300 });
    await untilSweep(service, 'two', ({ trials }) => trials.completed >= 2);
    expect((await ask('pause')).body.state).to.equal('paused');
    await service.get('/v1/studies/two/sweep');
    const halted = await countUntilStill(service, 'two');
    expect((await ask('resume')).body.state).to.equal('queued');
    await untilSweep(service, 'two', ({ state, trials }) => state === 'running' && trials.completed > halted);
    expect((await service.post<{ state: string }>('/v1/studies/two/sweep:cancel')).body.state).to.equal(
      'cancelled',
    );
    await countUntilStill(service, 'two');
    const trials = await storedTrials(folder.file('a.db'), 'two');
    expect(trials.filter(({ state }) => state === 'running')).to.deep.equal([]);
    other.kill('SIGTERM');
    expect(await other.ended).to.include({ code: 0, stderr: '' });
  });

  it('is shown as interrupted by a service that may read no dataset, and paused or cancelled there', async () => {
    await service.post('/v1/studies', datasetStudy('left'));
    await service.post('/v1/studies/left:sweep', { trials: 200 });
    await untilSweep(service, 'left', ({ trials }) => trials.completed >= 1);
    running.kill('SIGKILL');
    await running.ended;
    running = serve('--port', '0', '--db', folder.file('a.db'));
    address = await running.address;
    const sweep = await untilSweep(service, 'left', () => true);
    expect(sweep).to.include({ state: 'interrupted', phase: null, secondsLeft: null });
    const resumed = await service.post('/v1/studies/left/sweep:resume');
    expect([resumed.status, (resumed.body as { type: string }).type]).to.deep.equal([
      409,
      'urn:pondera:problem:dataset_unusable',
    ]);
    const cancelled = await service.post<{ state: string }>('/v1/studies/left/sweep:cancel');
    expect(cancelled.body.state).to.equal('cancelled');
    const trials = await storedTrials(folder.file('a.db'), 'left');
    expect(trials.filter(({ state }) => state === 'running')).to.deep.equal([]);
  });
});

/** Waits until no trial is completed any more; returns how many are. */
async function countUntilStill(service: Pick<RunningService, 'get'>, study: string): Promise<number> {
  for (let before = -1; ;) {
    const { trials } = await sweepOf(service, study);
    if (trials.completed === before) return before;
    before = trials.completed;
    await new Promise((resolve) => setTimeout(resolve, STILL_MS));
  }
}

/** Waits until no process has the database of the folder open. */
async function untilNoProcessOf(folder: TemporaryFolder): Promise<void> {
  // Only Linux tells.
  if (process.platform !== 'linux') return;
  const end = performance.now() + LONGEST_ORPHAN_MS;
  while (holders(folder.path).length > 0) {
    if (performance.now() > end) throw new Error(`still there: ${holders(folder.path).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The processes that have the database of a folder mapped. */
function holders(path: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/maps`, 'utf8').includes(`${path}/a.db-shm`);
      } catch {
        return false;
      }
    });
}
