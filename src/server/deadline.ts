import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler, Response } from 'express';
import { DomainError } from '../domain/errors.ts';
import type { ComputePool } from '../service/compute-pool.ts';
import type { MeasuringContext } from '../service/create-measured-experiment.ts';
import type { MeasuringDesk } from '../service/measuring-desk.ts';
import type { ServiceContext } from '../service/service-context.ts';
import type { StudyQueue, WorkTogether } from '../service/study-queue.ts';
import type { Lifecycle } from './lifecycle.ts';
import { unlessAborted } from './unless-aborted.ts';

/** The request that asks: what it waits for is given up when its signal says so. */
const asking = new AsyncLocalStorage<AbortSignal>();

/** Gives each request its time, which ends too when its client leaves or the service must stop. */
export function deadline(seconds: number, lifecycle: Pick<Lifecycle, 'open'>): RequestHandler {
  return (_request, response, next) => {
    const { signal, begin } = requestEnd(seconds, lifecycle, response);
    begin();
    asking.run(signal, next);
  };
}

/** When a request is given up: its client leaves, the service must stop, or its time is over, which begins with `begin`. */
export function requestEnd(
  seconds: number,
  { open }: Pick<Lifecycle, 'open'>,
  response: Response,
): { readonly signal: AbortSignal; readonly begin: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  open.add(controller);
  let isOver = false;
  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
    open.delete(controller);
    if (!response.writableFinished) controller.abort(new DomainError('deadline_passed', 'the client left'));
  };
  // It closes once, and may have before.
  if (response.destroyed) end();
  else response.once('close', end);
  return {
    signal: controller.signal,
    begin: () => {
      if (!isOver) timer = setTimeout(() => controller.abort(new TimeOverError(seconds)), seconds * 1000);
    },
  };
}

class TimeOverError extends DomainError {
  readonly seconds: number;

  constructor(seconds: number, expected = 'less work at a time') {
    super(
      'deadline_passed',
      `the work took longer than ${seconds} s and was given up, nothing of it is stored: expected ${expected}`,
    );
    this.seconds = seconds;
  }
}

/**
 * The context whose waits end with the request that waits.
 *
 * Given up are the wait for a study's turn, the wait for a worker's answer and the wait for a process that measures; a task that runs is
 * finished and its answer dropped, the process is killed. SQL is not given up. A use case stores what it has computed in one transaction after the last such wait, so what was
 * given up has stored nothing, and what was stored is answered, be it late.
 */
export function withDeadlines<Context extends ServiceContext & MeasuringContext>(context: Context): Context {
  const { pool, queue, measuring } = context;
  return {
    ...context,
    pool: poolWithDeadlines(pool),
    queue: queueWithDeadlines(queue),
    measuring: measuring && measuringWithDeadlines(measuring),
  };
}

function measuringWithDeadlines(desk: MeasuringDesk): MeasuringDesk {
  return {
    ...desk,
    open: (study, dataset) => {
      const signal = asking.getStore();
      return desk.open(study, dataset, signal && ofMeasuring(signal));
    },
  };
}

/** The same end; where it is that of the time, its reason says what helps, as a log takes the same time again. */
function ofMeasuring(signal: AbortSignal): AbortSignal {
  const measuring = new AbortController();
  const giveUp = (): void => {
    const reason = reasonOf(signal);
    const expected = '"measure": false, or an operator who allows more (--deadline)';
    measuring.abort(reason instanceof TimeOverError ? new TimeOverError(reason.seconds, expected) : reason);
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return measuring.signal;
}

function poolWithDeadlines(pool: ComputePool): ComputePool {
  return {
    ...pool,
    run: (name, task) => {
      const signal = asking.getStore();
      if (signal === undefined) return pool.run(name, task);
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      return unlessAborted(signal, pool.run(name, task));
    },
  };
}

function queueWithDeadlines(queue: StudyQueue): StudyQueue {
  const inTurn = <Value>(studyId: string, work: () => Promise<Value>): Promise<Value> => {
    const signal = asking.getStore();
    if (signal === undefined) return queue(studyId, work);
    let isWaiting = true;
    const turn = queue(studyId, () => {
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      isWaiting = false;
      return work();
    });
    return unlessAborted(signal, turn, () => isWaiting);
  };
  const together = <Ask, Value>(
    studyId: string,
    line: string,
    ask: Ask,
    work: WorkTogether<Ask, Value>,
  ): Promise<Value> => {
    const member: Member<Ask> = { ask, signal: asking.getStore() ?? NEVER, isHeld: false };
    const answer = queue.together<Member<Ask>, Value>(studyId, line, member, (asked) => {
      const present = asked.filter((each) => !each.ask.signal.aborted);
      if (present.length === 0) return Promise.reject(reasonOf(member.signal));
      // What is computed for several is given up once the last of them has gone.
      return asking.run(whenAllAbort(present.map((each) => each.ask.signal)), () =>
        work(
          present.map(({ ask: one, resolve, reject }) => ({
            ask: one.ask,
            hold: () => (one.isHeld = !one.signal.aborted),
            release: () => {
              one.isHeld = false;
              if (one.signal.aborted) reject(reasonOf(one.signal));
            },
            resolve,
            reject,
          })),
        ),
      );
    });
    return unlessAborted(member.signal, answer, () => !member.isHeld);
  };
  return Object.assign(inTurn, { together });
}

/** One of those who wait together; while it is held something is being stored for it. */
interface Member<Ask> {
  readonly ask: Ask;
  readonly signal: AbortSignal;
  isHeld: boolean;
}

const NEVER = new AbortController().signal;

function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  const gone = (signal: AbortSignal): void => {
    if (--left === 0) all.abort(reasonOf(signal));
  };
  for (const signal of signals) {
    if (signal !== NEVER) signal.addEventListener('abort', () => gone(signal), { once: true });
  }
  return all.signal;
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason as Error;
}
