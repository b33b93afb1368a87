import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../src/domain/errors.ts';
import type { StatementAnswer } from './connection.ts';
import type { ThreadAnswer, ThreadFailure, ThreadRequest, ThreadTask } from './connection-thread.ts';

/** A connection in a thread of its own: its statements, and the disk they wait for, hold up nobody here. */
export interface ThreadedConnection {
  execute(sql: string, parameters?: readonly unknown[]): Promise<StatementAnswer>;
  close(): Promise<void>;
}

/** The thread loads its modules by import: Node 20's require of ES modules at times ends the whole process in a thread. */
const LOAD_BY_IMPORT = ['--no-experimental-require-module'];

interface Waiting {
  readonly resolve: (answer: StatementAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens the file in a new thread, which ends when the connection is closed, and never while it loads: Node 20 would end
 * the whole process. An open connection keeps no process alive, unless an answer is waited for.
 *
 * Throws `database_invalid` as `connect` does.
 */
export async function connectInThread(file: string, busyTimeoutMs: number): Promise<ThreadedConnection> {
  const task: ThreadTask = { file, busyTimeoutMs };
  const worker = new Worker(new URL('./connection-thread.js', import.meta.url), {
    workerData: task,
    execArgv: LOAD_BY_IMPORT,
  });
  const waiting: Waiting[] = [];
  const exited = once(worker, 'exit');
  let ended: unknown;
  const end = (error: unknown): void => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the thread of the database has ended')));
  worker.on('message', (answer: ThreadAnswer) => {
    const { resolve, reject } = waiting.shift()!;
    if (waiting.length === 0) worker.unref();
    if ('rows' in answer) resolve(answer);
    else reject(errorOf(answer));
  });
  const answer = (): Promise<StatementAnswer> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) {
        reject(ended);
        return;
      }
      worker.ref();
      waiting.push({ resolve, reject });
    });
  const ask = (request: ThreadRequest): Promise<StatementAnswer> => {
    const answered = answer();
    if (ended === undefined) worker.postMessage(request, []);
    return answered;
  };
  try {
    await answer();
  } catch (error) {
    worker.ref();
    await exited;
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    execute: (sql, parameters = []) => ask({ sql, parameters }),
    close: () => (closing ??= closed(ask({}), worker, exited)),
  };
}

async function closed(
  answered: Promise<StatementAnswer>,
  worker: Worker,
  exited: Promise<unknown>,
): Promise<void> {
  await answered;
  worker.ref();
  await exited;
}

function errorOf(failure: ThreadFailure): Error {
  if ('problem' in failure) {
    const { code, message, place, details } = failure.problem;
    return new DomainError(code, message, place, details);
  }
  const { message, stack } = failure.fault;
  return Object.assign(new Error(message), stack !== undefined && { stack });
}
