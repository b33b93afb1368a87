import { expect } from 'chai';
import { cancelSweep, startSweep } from '../../src/service/change-sweep.ts';
import type { DomainError } from '../../src/domain/errors.ts';
import type { Sweep } from '../../src/domain/sweep.ts';
import { describeDataset, registerDataset } from '../../src/service/register-dataset.ts';
import { readSweep, type SweepingContext } from '../../src/service/read-sweep.ts';
import { createSweepDesk, type SweepDesk } from '../../src/service/sweep-desk.ts';
import type { SweepMessage, SweepOrder } from '../../src/service/sweep-messages.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { insertStudy } from '../../store/studies.ts';
import { openStore, type Store } from '../../store/open.ts';
import { findSweep, insertSweep, updateSweep } from '../../store/sweeps.ts';
import { getTrial, insertTrials } from '../../store/trials.ts';
import { smallLog } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { datasetStudy } from '../server/sweeping-service.ts';
import { NOW, trial } from '../store/study-for-the-store.ts';

/** A process that does what the test says. */
interface Puppet {
  readonly orders: readonly SweepOrder[];
  readonly tell: (message: SweepMessage) => void;
  readonly end: (how: string, stderr?: string) => void;
  killed: boolean;
}

const STANDING = { incumbent: null, secondsLeft: 3 };

/** Waits for what has been begun; everything is in memory. */
async function settled(isReached: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 5000;
  while (!(await isReached())) {
    if (performance.now() > end) throw new Error('not reached');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('the desk of sweeps', () => {
  let folder: TemporaryFolder;
  let store: Store;
  let desk: SweepDesk;
  let puppets: Puppet[];
  let ends: string[];
  let now: number;
  const alive = new Set<string>();
  const instance = { id: 'own', isAlive: (id: string) => alive.has(id), working: new Set<string>() };
  const clock = (): string => new Date(now).toISOString();
  const context = (): SweepingContext & { store: Store } => ({
    store,
    queue: createStudyQueue(),
    clock,
    actor: 'ann',
    instance,
    sweeps: desk,
    // No use case of sweeps computes in this process.
    pool: {} as SweepingContext['pool'],
  });

  beforeEach(async () => {
    now = Date.parse(NOW);
    puppets = [];
    ends = [];
    alive.clear();
    folder = temporaryFolder();
    folder.write('log.csv', smallLog(40));
    store = await openStore(':memory:');
    await registerDataset(store, await describeDataset('feed', [folder.file('log.csv')], clock));
    for (const name of ['one', 'two']) {
      const definition = studySchema.parse(datasetStudy(name));
      await insertStudy(store, { definition, logFingerprint: null, createdAt: NOW });
    }
    desk = createSweepDesk({
      store,
      db: ':memory:',
      root: folder.path,
      most: 1,
      threads: 2,
      clock,
      instance,
      onEnd: (study, end) => ends.push(`${study} ${end}`),
      onFault: (study, error) => ends.push(`${study} fault ${String(error)}`),
      start(onMessage) {
        let resolve: (ended: { how: string; stderr: string }) => void;
        const exited = new Promise<{ how: string; stderr: string }>((take) => (resolve = take));
        const orders: SweepOrder[] = [];
        const puppet: Puppet = {
          orders,
          tell: onMessage,
          end: (how, stderr = '') => resolve({ how, stderr }),
          killed: false,
        };
        puppets.push(puppet);
        return {
          exited,
          tell: (order) => void orders.push(order),
          kill() {
            puppet.killed = true;
            resolve({ how: 'SIGKILL', stderr: '' });
          },
        };
      },
    });
  });
  afterEach(async () => {
    for (const { end } of puppets) end('0');
    await desk.stop(0);
    await store.destroy();
    folder.remove();
  });

  const stateOf = async (study: string): Promise<string> => (await readSweep(context(), study)).state;
  const begun = async (study = 'one'): Promise<Puppet> => {
    const before = puppets.length;
    await startSweep(context(), study, {});
    await settled(() => puppets.length > before);
    return puppets.at(-1)!;
  };

  it('gives a process its task, and keeps what it tells', async () => {
    const puppet = await begun();
    const [order] = puppet.orders;
    expect(order).to.have.property('kind', 'work');
    const { task } = order as SweepOrder & { kind: 'work' };
    expect(task).to.deep.include({ run: 1, instance: 'own', actor: 'ann', threads: 2 });
    expect(task.dataset.files).to.deep.equal([folder.file('log.csv')]);
    puppet.tell({ kind: 'phase', phase: 'trials' });
    now += 1500;
    puppet.tell({ kind: 'progress', completed: 0, standing: STANDING });
    await settled(async () => (await readSweep(context(), 'one')).standing !== null);
    now += 500;
    expect(await readSweep(context(), 'one')).to.deep.include({
      state: 'running',
      phase: 'trials',
      standing: STANDING,
      workedMs: 1500,
      seconds: 2,
    });
    puppet.tell({ kind: 'completed', findings: { disagreements: [] } });
    puppet.end('0');
    await settled(async () => (await stateOf('one')) === 'completed');
    expect(ends).to.deep.equal(['one completed']);
    const sweep = await readSweep(context(), 'one');
    expect(sweep).to.include({ workedMs: 2000, endedAt: now, instance: null });
  });

  it('fails a sweep whose process breaks down, gives up its trials, and tells the operator alone what it wrote', async () => {
    const puppet = await begun();
    await insertTrials(store, 'one', [trial(3)], NOW);
    puppet.end('SIGABRT', 'FATAL ERROR: heap /secret/path');
    await settled(async () => (await stateOf('one')) === 'failed');
    const { problem } = await readSweep(context(), 'one');
    expect(problem!.code).to.equal('sweep_ended');
    expect(problem!.detail)
      .to.match(/^the process of the sweep was ended \(SIGABRT\)/)
      .and.to.not.include('secret');
    expect(ends[0]).to.include('FATAL ERROR: heap /secret/path');
    expect((await getTrial(store, 'one', 3)).state).to.equal('abandoned');
  });

  it('stops a process before its next trial, and kills one that goes on', async () => {
    const first = await begun();
    first.tell({ kind: 'phase', phase: 'trials' });
    const halted = desk.halt('one', 60_000);
    await settled(() => first.orders.some(({ kind }) => kind === 'stop'));
    first.tell({ kind: 'stopped' });
    first.end('0');
    await halted;
    expect(first.killed).to.equal(false);
    const second = await begun('two');
    second.tell({ kind: 'phase', phase: 'trials' });
    await desk.halt('two', 20);
    expect(second.killed).to.equal(true);
    expect(ends).to.deep.equal([]);
  });

  it('keeps that a sweep has completed where it does so just before it is cancelled', async () => {
    const puppet = await begun();
    puppet.tell({ kind: 'completed', findings: { disagreements: [] } });
    const error = (await cancelSweep(context(), 'one').catch((reason: unknown) => reason)) as DomainError;
    expect(error.code).to.equal('sweep_state');
    expect(error.details.state).to.equal('completed');
    expect(await stateOf('one')).to.equal('completed');
  });

  it('leaves a sweep alone that is another instance’s by now', async () => {
    const puppet = await begun();
    const seen = (await findSweep(store, 'one'))!;
    await updateSweep(store, seen, { instance: 'other' });
    alive.add('other');
    puppet.tell({ kind: 'progress', completed: 5, standing: STANDING });
    puppet.tell({ kind: 'stopped' });
    puppet.end('0');
    await settled(() => !desk.has('one'));
    expect(await findSweep(store, 'one')).to.deep.include({
      instance: 'other',
      state: 'running',
      standing: null,
    });
    expect(await stateOf('one')).to.equal('running');
    alive.clear();
    expect(await stateOf('one')).to.equal('interrupted');
  });

  it('takes up what processes that ended have left, but not what they end over again and again', async () => {
    const left = (study: string, more: Partial<Sweep>): Sweep => ({
      study,
      run: 4,
      state: 'running',
      dataset: 'feed',
      budget: 7,
      threads: 1,
      actor: 'ann',
      instance: 'gone',
      deaths: 0,
      queuedAt: now,
      countedAt: now,
      workedMs: 10,
      endedAt: null,
      standing: STANDING,
      problem: null,
      findings: null,
      ...more,
    });
    await insertSweep(store, left('one', {}));
    await insertSweep(store, left('two', { deaths: 2 }));
    await desk.takeUp();
    await settled(() => puppets.length === 1);
    expect(await findSweep(store, 'one')).to.include({
      state: 'running',
      deaths: 1,
      instance: 'own',
      run: 4,
    });
    expect(await findSweep(store, 'two')).to.include({ state: 'interrupted', deaths: 3, instance: null });
    puppets[0]!.tell({ kind: 'progress', completed: 1, standing: STANDING });
    puppets[0]!.tell({ kind: 'progress', completed: 2, standing: STANDING });
    await settled(async () => (await findSweep(store, 'one'))!.deaths === 0);
  });

  it('does not take up what a living process has', async () => {
    await startSweep(context(), 'one', {});
    await settled(() => puppets.length === 1);
    await updateSweep(store, (await findSweep(store, 'one'))!, { instance: 'other' });
    alive.add('other');
    await desk.takeUp();
    expect(puppets).to.have.length(1);
  });

  it('has so many wait, and no more', async () => {
    await begun('one');
    const full: SweepDesk = { ...desk, waiting: () => 100 };
    const error = (await startSweep({ ...context(), sweeps: full }, 'two', {}).catch(
      (reason: unknown) => reason,
    )) as DomainError;
    expect(error.code).to.equal('sweeps_full');
    expect(await findSweep(store, 'two')).to.equal(undefined);
  });
});
