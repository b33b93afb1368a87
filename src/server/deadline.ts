import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import { DomainError } from '../domain/errors.ts';
import type { ComputePool } from '../service/compute-pool.ts';
import type { ServiceContext } from '../service/service-context.ts';
import type { StudyQueue } from '../service/study-queue.ts';
import type { Lifecycle } from './lifecycle.ts';

/** The request that asks: what it waits for is given up when its signal says so. */
const asking = new AsyncLocalStorage<AbortSignal>();

/** Gives each request its time, which ends too when its client leaves or the service must stop. */
export function deadline(seconds: number, { open }: Pick<Lifecycle, 'open'>): RequestHandler {
  return (_request, response, next) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(passed(seconds)), seconds * 1000);
    open.add(controller);
    response.once('close', () => {
      clearTimeout(timer);
      open.delete(controller);
      if (!response.writableFinished) controller.abort(new DomainError('deadline_passed', 'the client left'));
    });
    asking.run(controller.signal, next);
  };
}

function passed(seconds: number): DomainError {
  return new DomainError(
    'deadline_passed',
    `the work took longer than ${seconds} s and was given up, nothing of it is stored: expected less work at a time`,
  );
}

/**
 * The context whose waits end with the request that waits.
 *
 * Given up are the wait for a study's turn and the wait for a worker's answer; a task that runs is finished and its answer
 * dropped. SQL is not given up. A use case stores what it has computed in one transaction after the last such wait, so what was
 * given up has stored nothing, and what was stored is answered, be it late.
 */
export function withDeadlines<Context extends ServiceContext>(context: Context): Context {
  return { ...context, pool: poolWithDeadlines(context.pool), queue: queueWithDeadlines(context.queue) };
}

function poolWithDeadlines(pool: ComputePool): ComputePool {
  return {
    ...pool,
    run: (name, task) => {
      const signal = asking.getStore();
      if (signal === undefined) return pool.run(name, task);
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      return until(signal, () => true, pool.run(name, task));
    },
  };
}

function queueWithDeadlines(queue: StudyQueue): StudyQueue {
  return (studyId, work) => {
    const signal = asking.getStore();
    if (signal === undefined) return queue(studyId, work);
    let isWaiting = true;
    const turn = queue(studyId, () => {
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      isWaiting = false;
      return work();
    });
    return until(signal, () => isWaiting, turn);
  };
}

/** What the work ends with, or the signal's reason where it comes first and the work may still be given up. */
function until<Value>(signal: AbortSignal, mayEnd: () => boolean, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      if (mayEnd()) reject(reasonOf(signal));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason as Error;
}
