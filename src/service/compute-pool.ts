import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { DomainError } from '../domain/errors.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { abandon, meetingPoint } from '../evaluator/team/meeting-point.ts';
import type * as worker from './compute-worker.ts';
import type { WorkerContext } from './evaluation-tasks.ts';
import { evaluationsAtOnce, LARGE_LOG_ROWS } from './evaluations-at-once.ts';
import type { Answer } from './task-answer.ts';

type Tasks = Omit<typeof worker, never>;
type TaskName = keyof Tasks;
type Argument<Name extends TaskName> = Parameters<Tasks[Name]>[0];
type Value<Name extends TaskName> = ReturnType<Tasks[Name]> extends Answer<infer V> ? V : never;

/** Worker threads for what takes long: evaluations, fits, proposals. A handle that must be closed. */
export interface ComputePool {
  readonly workers: number;
  /** Resolves when every thread has loaded its modules, or one has failed to. */
  readonly ready: Promise<void>;
  run<Name extends TaskName>(name: Name, task: Argument<Name>): Promise<Value<Name>>;
  /** Runs a task on a log that is large with the help of all threads, and such tasks one after another. */
  runTogether<Name extends 'evaluate' | 'influence'>(name: Name, task: Argument<Name>): Promise<Value<Name>>;
  close(): Promise<void>;
}

/** Threads load their modules by import: Node 20's require of ES modules at times ends the whole process in a thread. */
const LOAD_BY_IMPORT = ['--no-experimental-require-module'];

/** Starts the threads. What they answer does not depend on how many there are, nor on which logs are `large`. */
export function openComputePool(workers: number, log?: EngagementLog, large = LARGE_LOG_ROWS): ComputePool {
  const context: WorkerContext = { log };
  const piscina = new Piscina({
    filename: new URL('./compute-worker.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    workerData: context,
    execArgv: LOAD_BY_IMPORT,
  });
  const ready = workersLoaded(piscina, workers);
  const run = async <Name extends TaskName>(
    name: Name,
    task: Argument<Name>,
    transferList: readonly MessagePort[] = [],
  ): Promise<Value<Name>> => {
    const answer = (await piscina.run(task, { name, transferList: [...transferList] })) as Answer<
      Value<Name>
    >;
    if ('value' in answer) return answer.value;
    const { code, message, place, details } = answer.problem;
    throw new DomainError(code, message, place, details);
  };
  const withAll = async <Name extends 'evaluate' | 'influence'>(
    name: Name,
    task: Argument<Name>,
  ): Promise<Value<Name>> => {
    const point = meetingPoint();
    const channels = Array.from({ length: workers - 1 }, () => new MessageChannel());
    const ports = channels.map(({ port1 }) => port1);
    const led = run(name, { ...task, others: { point, ports } }, ports);
    const assisted = channels.map(({ port2: port }, k) =>
      run('assist', { point, port, share: k + 1, shares: workers }, [port]),
    );
    try {
      const [value] = await Promise.all([led, ...assisted]);
      return value;
    } catch (error) {
      // A thread that has ended cannot say so to those that wait for it.
      abandon(point);
      throw error;
    }
  };
  const isShared = workers > 1 && log !== undefined && evaluationsAtOnce(log.rows, workers, large) === 1;
  let last: Promise<unknown> = Promise.resolve();
  return {
    workers,
    ready,
    run: (name, task) => run(name, task),
    runTogether(name, task) {
      if (!isShared) return run(name, task);
      // Two evaluations that each had some of the threads would wait for each other.
      const next = last.then(() => withAll(name, task));
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      await ready;
      await piscina.destroy();
    },
  };
}

/**
 * Resolves when every thread has loaded its modules, or one has failed to: Node 20 ends the whole process when a thread
 * is ended while it loads.
 */
function workersLoaded(piscina: Piscina, workers: number): Promise<void> {
  return new Promise((resolve) => {
    let ready = 0;
    piscina.on('workerCreate', () => {
      if (++ready === workers) resolve();
    });
    piscina.once('error', () => resolve());
  });
}
