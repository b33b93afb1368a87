import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { MeasuringAnswer, MeasuringOrder } from '../../src/service/measuring-messages.ts';
import {
  createMeasuringDesk,
  type MeasuringDesk,
  type OpenedArmLog,
} from '../../src/service/measuring-desk.ts';
import { describeDataset } from '../../src/service/register-dataset.ts';
import type { StoredDataset } from '../../store/datasets.ts';
import { smallLog } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { datasetStudy } from '../server/sweeping-service.ts';
import { NOW } from '../store/study-for-the-store.ts';

/** A process that does what the test says. */
interface Puppet {
  readonly orders: MeasuringOrder[];
  readonly tell: (answer: MeasuringAnswer) => void;
  readonly end: (how: string, stderr?: string) => void;
  kills: number;
}

const READ: MeasuringAnswer = { kind: 'read', spreads: { save: 0.1 } };
const POINTS = [{ save: 1 }, { save: 0.5 }];

async function settled(isReached: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!isReached()) {
    if (performance.now() > end) throw new Error('not reached');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function rejection(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('nothing was thrown'),
    (error: Error) => error,
  );
}

describe('the desk where arms are measured', () => {
  let folder: TemporaryFolder;
  let dataset: StoredDataset;
  let puppets: Puppet[];
  let failures: string[];
  let desk: MeasuringDesk;
  /** Whether a killed process is gone at once. */
  let diesAtOnce: boolean;
  const study = {
    definition: studySchema.parse(datasetStudy('ours')),
    logFingerprint: null,
    createdAt: NOW,
  };

  const deskOf = (most: number): MeasuringDesk =>
    createMeasuringDesk({
      root: folder.path,
      most,
      threads: 3,
      memory: 5e9,
      onFailure: (name, line) => failures.push(`${name}: ${line}`),
      start(onMessage) {
        let resolve: (ended: { how: string; stderr: string }) => void;
        const exited = new Promise<{ how: string; stderr: string }>((take) => (resolve = take));
        const puppet: Puppet = {
          orders: [],
          tell: onMessage,
          end: (how, stderr = '') => resolve({ how, stderr }),
          kills: 0,
        };
        puppets.push(puppet);
        return {
          exited,
          tell: (order) => void puppet.orders.push(order),
          kill() {
            puppet.kills++;
            if (diesAtOnce) puppet.end('SIGKILL');
          },
        };
      },
    });
  /** A log that was read, and its process. */
  const opened = async (giveUp?: AbortSignal): Promise<{ log: OpenedArmLog; puppet: Puppet }> => {
    const before = puppets.length;
    const opening = desk.open(study, dataset, giveUp);
    await settled(() => puppets.length > before);
    puppets[before]!.tell(READ);
    return { log: await opening, puppet: puppets[before]! };
  };

  before(async () => {
    folder = temporaryFolder();
    folder.write('log.csv', smallLog(40));
    dataset = await describeDataset('feed', [folder.file('log.csv')], () => NOW);
  });
  beforeEach(() => {
    puppets = [];
    failures = [];
    diesAtOnce = true;
    desk = deskOf(1);
  });
  afterEach(async () => {
    for (const { end } of puppets) end('0');
    await desk.stop();
  });
  after(() => folder.remove());

  it('asks a process one thing at a time, and tells what it answers', async () => {
    const { log, puppet } = await opened();
    const [order] = puppet.orders as [MeasuringOrder & { kind: 'read' }];
    expect(order.kind).to.equal('read');
    expect(order.task).to.deep.include({ threads: 3, memory: 5e9 });
    const { name, files, fingerprint } = dataset;
    expect(order.task.dataset).to.deep.equal({ name, files, fingerprint });
    expect(log.log.spreads).to.deep.equal({ save: 0.1 });
    const measured = log.log.measure(POINTS);
    expect((await rejection(log.log.measure(POINTS))).message).to.equal('asked before the last answer');
    puppet.tell({ kind: 'measure', metrics: [{ a: 1 }, { a: 0.1 + 0.2 }] });
    expect(await measured).to.deep.equal([{ a: 1 }, { a: 0.30000000000000004 }]);
    const compared = log.log.agreements(POINTS, 3);
    expect(puppet.orders.at(-1)).to.deep.equal({ kind: 'compare', points: POINTS, cutoff: 3 });
    puppet.tell({ kind: 'compare', taus: [1, null, null, 1] });
    expect(await compared).to.deep.equal(Float64Array.of(1, NaN, NaN, 1));
    log.close();
    expect(puppet.kills).to.equal(1);
    await settled(() => desk.working() === 0);
    expect(failures).to.deep.equal([]);
  });

  it('has so many at once, in the order of asking, and gives a place away only once its process is gone', async () => {
    diesAtOnce = false;
    const first = await opened();
    const leaving = new AbortController();
    const left = rejection(desk.open(study, dataset, leaving.signal));
    const second = desk.open(study, dataset);
    await settled(() => desk.waiting() === 2);
    leaving.abort(new Error('the client left'));
    expect((await left).message).to.equal('the client left');
    expect(desk.waiting()).to.equal(1);
    first.log.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(puppets).to.have.lengthOf(1);
    first.puppet.end('SIGKILL');
    await settled(() => puppets.length === 2);
    puppets[1]!.tell(READ);
    (await second).close();
    expect([desk.waiting(), desk.working()]).to.deep.equal([0, 1]);
  });

  it('has two side by side where it may', async () => {
    desk = deskOf(2);
    const both = [await opened(), await opened()];
    expect(desk.working()).to.equal(2);
    const asked = both.map(({ log }) => log.log.measure(POINTS));
    both[1]!.puppet.tell({ kind: 'measure', metrics: [{ of: 2 }] });
    both[0]!.puppet.tell({ kind: 'measure', metrics: [{ of: 1 }] });
    expect(await Promise.all(asked)).to.deep.equal([[{ of: 1 }], [{ of: 2 }]]);
  });

  it('kills a process at once whose request has ended, before it has read and after', async () => {
    for (const isRead of [false, true]) {
      const ending = new AbortController();
      const count = puppets.length;
      const opening = desk.open(study, dataset, ending.signal);
      await settled(() => puppets.length > count);
      const puppet = puppets[count]!;
      if (isRead) puppet.tell(READ);
      const work = isRead ? opening.then(({ log }) => log.measure(POINTS)) : opening;
      if (isRead) await settled(() => puppet.orders.length === 2);
      const refused = rejection(work);
      ending.abort(new DomainError('deadline_passed', 'too long'));
      expect((await refused).message).to.equal('too long');
      expect(puppet.kills).to.be.above(0);
      await settled(() => desk.working() === 0);
    }
    expect(failures).to.deep.equal([]);
  });

  it('tells that a process broke down, and the operator alone what it wrote', async () => {
    const { log, puppet } = await opened();
    const refused = rejection(log.log.measure(POINTS));
    puppet.end('SIGABRT', 'FATAL ERROR: heap /secret/path');
    const error = (await refused) as DomainError;
    expect(error.code).to.equal('dataset_unusable');
    expect(error.message)
      .to.match(/^the process that measured arms on dataset "feed" was ended \(SIGABRT\)/)
      .and.not.include('secret');
    expect(failures[0]).to.match(/^ours: .*FATAL ERROR: heap \/secret\/path$/);
    expect(await rejection(log.log.measure(POINTS))).to.equal(error);
  });

  it('tells what a process found wrong, and ends it', async () => {
    for (const [code, isTold] of [
      ['log_invalid', true],
      ['internal', false],
    ] as const) {
      const before = puppets.length;
      const refused = rejection(desk.open(study, dataset));
      await settled(() => puppets.length > before);
      puppets[before]!.tell({ kind: 'failed', problem: { code, detail: 'line 3' }, line: '/secret: line 3' });
      const error = await refused;
      expect(error instanceof DomainError, code).to.equal(isTold);
      expect(error.message).to.equal(isTold ? 'line 3' : '/secret: line 3');
      expect(puppets[before]!.kills).to.be.above(0);
    }
    expect(failures).to.deep.equal(['ours: /secret: line 3']);
  });

  it('starts no process for files that are gone, and keeps the place for the next', async () => {
    folder.write('gone.csv', smallLog(40));
    const gone = await describeDataset('gone', [folder.file('gone.csv')], () => NOW);
    rmSync(folder.file('gone.csv'));
    expect((await rejection(desk.open(study, gone))).message).to.match(/^dataset "gone" is gone/);
    expect(puppets).to.deep.equal([]);
    await opened();
  });

  it('keeps the place where no process can be started', async () => {
    const failing = createMeasuringDesk({
      root: folder.path,
      most: 1,
      threads: 1,
      onFailure: () => undefined,
      start: () => {
        throw new Error('EMFILE');
      },
    });
    for (let again = 0; again < 2; again++) {
      expect((await rejection(failing.open(study, dataset))).message).to.equal('EMFILE');
    }
    expect(failing.working()).to.equal(0);
  });

  it('ends all when it stops, and starts nothing more', async () => {
    diesAtOnce = false;
    const { log, puppet } = await opened();
    const measuring = rejection(log.log.measure(POINTS));
    const waiting = rejection(desk.open(study, dataset));
    await settled(() => desk.waiting() === 1);
    let isStopped = false;
    const stopped = desk.stop().then(() => (isStopped = true));
    expect(((await measuring) as DomainError).code).to.equal('service_stopping');
    expect([puppet.kills > 0, isStopped]).to.deep.equal([true, false]);
    puppet.end('SIGKILL');
    await stopped;
    expect(((await waiting) as DomainError).code).to.equal('service_stopping');
    expect(puppets).to.have.lengthOf(1);
    expect([desk.waiting(), desk.working()]).to.deep.equal([0, 0]);
  });
});
