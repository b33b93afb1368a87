import { expect } from 'chai';
import * as fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { TrialAction } from '../../src/domain/trial-state.ts';
import { completeTrial } from '../../src/service/complete-trial.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { correctTrial } from '../../src/service/correct-trial.ts';
import { createStudy } from '../../src/service/create-study.ts';
import { endTrialWith } from '../../src/service/end-trial.ts';
import { extendLease } from '../../src/service/heartbeat.ts';
import type { ServiceContext } from '../../src/service/service-context.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { suggestTrials } from '../../src/service/suggest-trials.ts';
import { listEvents } from '../../store/events.ts';
import { openStore, type Store } from '../../store/open.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { StudyModel } from './trial-life-model.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const BUDGET = 10;
const RUNS = 12;
const STUDY = parseWith(
  studySchema,
  {
    name: 'life',
    weights: { a: [0, 1], b: [0, 1] },
    sum: 1,
    objective: 'maximize gain',
    metrics: { gain: { noise: 'none' } },
    initialTrials: BUDGET,
    budget: BUDGET,
  },
  'study_invalid',
);

/** The real thing: use cases over a file. */
interface Real {
  readonly file: string;
  store: Store;
  readonly model: StudyModel;
  readonly pool: ComputePool;
}

function contextOf({ store, pool, model }: Real): ServiceContext {
  const clock = () => new Date(model.now).toISOString();
  return { store, pool, queue: createStudyQueue(), clock, actor: 'test' };
}

type LifeCommand = fc.AsyncCommand<StudyModel, Real>;

class Suggest implements LifeCommand {
  readonly asked: readonly [client: string, count: number, leaseSeconds: number];
  constructor(...asked: [client: string, count: number, leaseSeconds: number]) {
    this.asked = asked;
  }
  check(): boolean {
    return true;
  }
  async run(model: StudyModel, real: Real): Promise<void> {
    const [clientId, count, leaseSeconds] = this.asked;
    const expected = model.suggest(clientId, count, leaseSeconds);
    const work = suggestTrials(contextOf(real), 'life', { count, clientId, leaseSeconds });
    if (expected.length === 0) expect(await codeOf(work)).to.equal('budget_exhausted');
    else expect((await work).map(({ number }) => number)).to.deep.equal(expected);
    await expectSame(model, real);
  }
  toString(): string {
    return `suggest(${this.asked.join(', ')})`;
  }
}

class Act implements LifeCommand {
  readonly action: TrialAction;
  readonly number: number;
  readonly gain: number;
  constructor(action: TrialAction, number: number, gain: number) {
    this.action = action;
    this.number = number;
    this.gain = gain;
  }
  check(): boolean {
    return true;
  }
  async run(model: StudyModel, real: Real): Promise<void> {
    const outcome = model.act(this.action, this.number, this.gain);
    const error: unknown = await act(contextOf(real), this).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (outcome === 'done') expect(error).to.equal(undefined);
    else if (outcome === undefined) expect(error).to.include({ code: 'trial_not_found' });
    else expect(error).to.deep.include({ code: 'trial_state', details: { state: outcome } });
    await expectSame(model, real);
  }
  toString(): string {
    return `${this.action}(${this.number}, ${this.gain})`;
  }
}

/** Time passes, also backwards: a clock may be set. */
class Wait implements LifeCommand {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  check(): boolean {
    return true;
  }
  async run(model: StudyModel): Promise<void> {
    model.now += this.seconds * 1000;
  }
  toString(): string {
    return `wait(${this.seconds})`;
  }
}

class Restart implements LifeCommand {
  check(): boolean {
    return true;
  }
  async run(model: StudyModel, real: Real): Promise<void> {
    await real.store.destroy();
    real.store = await openStore(real.file);
    await expectSame(model, real);
  }
  toString(): string {
    return 'restart()';
  }
}

function act(context: ServiceContext, { action, number, gain }: Act): Promise<StoredTrial> {
  const metrics = { gain: { mean: gain, sem: null } };
  if (action === 'complete') return completeTrial(context, 'life', number, metrics);
  if (action === 'correct') return correctTrial(context, 'life', number, metrics, 'typed wrongly');
  if (action === 'heartbeat') return extendLease(context, 'life', number, {});
  return endTrialWith(context, 'life', number, action, action === 'abandon' ? null : `${action} ${gain}`);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(DomainError);
  return (error as DomainError).code;
}

/** The stored trials are the model's, and the event log tells how they came to be so. */
async function expectSame(model: StudyModel, { store }: Real): Promise<void> {
  const stored = await listTrials(store, 'life');
  const found = stored.map(({ number, state, clientId, leaseExpiresAt, observations }) => [
    number,
    { state, clientId, leaseExpiresAt, gain: observations['gain']?.mean ?? null },
  ]);
  expect(found).to.deep.equal([...model.trials].map(([number, trial]) => [number, { ...trial }]));
  const states = new Map<number, string>();
  for (const { kind, trial } of await listEvents(store, 'life', 0, 10_000)) {
    const state = STATE_AFTER[kind];
    if (state !== undefined) states.set(trial!, state);
  }
  expect([...states]).to.deep.equal(stored.map(({ number, state }) => [number, state]));
}

const STATE_AFTER: Readonly<Record<string, string>> = {
  trial_suggested: 'running',
  trial_completed: 'completed',
  trial_failed: 'failed',
  trial_infeasible: 'infeasible',
  trial_abandoned: 'abandoned',
  trial_voided: 'voided',
};

const ACTIONS: readonly TrialAction[] = [
  'complete',
  'fail',
  'infeasible',
  'abandon',
  'heartbeat',
  'void',
  'correct',
];

describe('the life of a trial', function () {
  this.timeout(180_000);
  let folder: TemporaryFolder;
  let pool: ComputePool;
  before(() => {
    folder = temporaryFolder();
    pool = openComputePool(1);
  });
  after(async () => {
    await pool.close();
    folder.remove();
  });

  it('goes as the model of it says, whatever clients do, whenever leases end and the service starts again', async () => {
    const client = fc.constantFrom('ann', 'bob', 'cyd');
    const commands = fc.commands(
      [
        fc
          .tuple(client, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 }))
          .map((asked) => new Suggest(...asked)),
        fc
          .tuple(
            fc.constantFrom(...ACTIONS),
            fc.integer({ min: 1, max: BUDGET + 2 }),
            fc.integer({ min: 0, max: 9 }),
          )
          .map(([action, number, gain]) => new Act(action, number, gain)),
        fc.integer({ min: -50, max: 120 }).map((seconds) => new Wait(seconds)),
        fc.constant(new Restart()),
      ],
      { maxCommands: 40, size: 'max' },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (life) => {
        const model = new StudyModel(START, BUDGET);
        const file = folder.file(`${run++}.db`);
        const real: Real = { file, store: await openStore(file), model, pool };
        try {
          await createStudy(contextOf(real), STUDY);
          await fc.asyncModelRun(() => ({ model, real }), life);
        } finally {
          await real.store.destroy();
        }
      }),
      { numRuns: RUNS, seed: 5 },
    );
  });
});
