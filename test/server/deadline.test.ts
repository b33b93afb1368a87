import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { deadline, requestEnd, withDeadlines } from '../../src/server/deadline.ts';
import type { ComputePool } from '../../src/service/compute-pool.ts';
import type { ServiceContext } from '../../src/service/service-context.ts';
import { type Asked, createStudyQueue, type StudyQueue } from '../../src/service/study-queue.ts';

function queueWithDeadlines(): StudyQueue {
  return withDeadlines({ queue: createStudyQueue(), pool: {} as ComputePool } as ServiceContext).queue;
}

/** What a request does, and how its client leaves. */
function requestThat<Value>(work: (leave: () => void) => Promise<Value>): Promise<Value> {
  const response = Object.assign(new EventEmitter(), { writableFinished: false });
  return new Promise<Value>((resolve, reject) => {
    const next = (): void => {
      work(() => response.emit('close')).then(resolve, reject);
    };
    void deadline(60, { open: new Set() })({} as Request, response as unknown as Response, next);
  }).finally(() => response.emit('close'));
}

async function answerAll(asked: readonly Asked<string, string>[]): Promise<void> {
  for (const { ask, hold, resolve } of asked) if (hold()) resolve(`${ask} is answered`);
}

describe('the waits of a request', () => {
  it('end for a client that has left before it comes to wait, though others wait beside it', async () => {
    const waiting = queueWithDeadlines();
    let free: () => void;
    const freed = new Promise<void>((resolve) => (free = resolve));
    const busy = waiting('study', () => freed);
    const staying = requestThat(() => waiting.together('study', '', 'the first', answerAll));
    const left = requestThat((leave) => {
      leave();
      return waiting.together('study', '', 'the second', answerAll);
    });
    const leftAlone = requestThat((leave) => {
      leave();
      return waiting('study', () => Promise.resolve('not reached'));
    });
    const outcomes = Promise.allSettled([left, leftAlone]);
    free!();
    await busy;
    expect(await staying).to.equal('the first is answered');
    for (const outcome of await outcomes) {
      expect(outcome.status).to.equal('rejected');
      if (outcome.status === 'rejected')
        expect(outcome.reason).to.be.instanceOf(DomainError).with.property('code', 'deadline_passed');
    }
  });
});

describe('the end of a request', () => {
  it('has come for a client that has left before it is asked after', () => {
    const open = new Set<AbortController>();
    const response = Object.assign(new EventEmitter(), { writableFinished: false, destroyed: true });
    const { signal, begin } = requestEnd(60, { open }, response as unknown as Response);
    // A timer that is left would hold the process for a minute.
    begin();
    expect(signal.reason).to.be.instanceOf(DomainError).with.property('message', 'the client left');
    expect(open.size, 'a service that stops waits for nobody').to.equal(0);
  });
});
