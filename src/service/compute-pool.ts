import { Piscina } from 'piscina';
import { DomainError } from '../domain/errors.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import type * as worker from './compute-worker.ts';
import type { Answer, WorkerContext } from './compute-worker.ts';

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
  close(): Promise<void>;
}

/** Threads load their modules by import: Node 20's require of ES modules at times ends the whole process in a thread. */
const LOAD_BY_IMPORT = ['--no-experimental-require-module'];

/** Starts the threads. What they answer does not depend on how many there are. */
export function openComputePool(workers: number, log?: EngagementLog): ComputePool {
  const context: WorkerContext = { log };
  const piscina = new Piscina({
    filename: new URL('./compute-worker.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    workerData: context,
    execArgv: LOAD_BY_IMPORT,
  });
  const ready = workersLoaded(piscina, workers);
  return {
    workers,
    ready,
    async run<Name extends TaskName>(name: Name, task: Argument<Name>) {
      const answer = (await piscina.run(task, { name })) as Answer<Value<Name>>;
      if ('value' in answer) return answer.value;
      const { code, message, place, details } = answer.problem;
      throw new DomainError(code, message, place, details);
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
