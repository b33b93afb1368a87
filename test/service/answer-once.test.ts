import { expect } from 'chai';
import { answerOnce, type AnsweredOnce } from '../../src/service/answer-once.ts';
import type { ComputePool } from '../../src/service/compute-pool.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { ProcessInstance } from '../../src/service/process-instance.ts';
import type { WriteContext } from '../../src/service/service-context.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { openStore, type Store } from '../../store/open.ts';

const REQUEST = { keyHash: 'key', requestHash: 'request' };

/** A run that ends when it is told to. */
function held(): { readonly run: () => Promise<string>; readonly end: (value: string) => void } {
  let end!: (value: string) => void;
  const result = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { run: () => result, end };
}

/** One that takes all others for dead. */
function instanceOf(id: string): ProcessInstance {
  return { id, isAlive: () => false, working: new Set() };
}

async function codeOf(answer: Promise<AnsweredOnce>): Promise<string> {
  try {
    return `answered ${(await answer).answer.body}`;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('answerOnce', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore(':memory:');
  });
  afterEach(async () => store.destroy());

  const ask = (
    instance: ProcessInstance,
    run: (context: WriteContext<string>) => Promise<string>,
  ): Promise<AnsweredOnce> =>
    answerOnce(
      {
        store,
        pool: {} as ComputePool,
        queue: createStudyQueue(),
        clock: () => '2026-01-01T00:00:00.000Z',
        actor: 'test',
        instance,
      },
      REQUEST,
      run,
      (body) => ({ status: 200, location: null, body }),
    );

  it('runs nothing a second time in one process, though another has taken the key meanwhile', async () => {
    // Two that take each other for dead: the worst that a wrong answer of the system can lead to.
    const [one, two] = [instanceOf('1.one'), instanceOf('2.two')];
    const [first, taken] = [held(), held()];
    const ofOne = codeOf(ask(one, first.run));
    const ofTwo = codeOf(ask(two, taken.run));
    const again = codeOf(ask(one, async () => 'a second run of one'));
    expect(await again).to.equal('idempotency_in_flight');
    taken.end('of two');
    first.end('of one');
    expect(await Promise.all([ofOne, ofTwo])).to.deep.equal(['idempotency_in_flight', 'answered of two']);
    expect(await codeOf(ask(one, async () => 'a third run'))).to.equal('answered of two');
  });

  it('runs anew what was given up, and tells who comes meanwhile that it is in flight', async () => {
    const one = instanceOf('1.one');
    let fail!: (error: Error) => void;
    const failing = codeOf(
      ask(
        one,
        () =>
          new Promise((_, reject) => {
            fail = reject;
          }),
      ),
    );
    expect(await codeOf(ask(one, async () => 'too early'))).to.equal('idempotency_in_flight');
    fail(new DomainError('budget_exhausted', 'nothing is left'));
    expect(await failing).to.equal('budget_exhausted');
    expect(await codeOf(ask(one, async () => 'anew'))).to.equal('answered anew');
  });
});
