import { type ChildProcess, fork, type SerializationType } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type LogProcess, NOT_STARTED } from '../service/log-process.ts';

/** Of what it writes to stderr, the last is kept: what a process says that breaks down. */
const KEPT_STDERR = 4000;

export interface ProcessOptions {
  /** What node itself is told. */
  readonly execArgv?: readonly string[];
  /** `advanced` where numbers are to arrive as they are, −0 too. */
  readonly serialization?: SerializationType;
}

/**
 * Starts a process of a module beside this one, which takes its orders by message and ends when this process does. One that cannot be
 * started is one that has ended: why is told in place of its stderr.
 */
export function startProcess<Order extends object, Message>(
  entry: string,
  onMessage: (message: Message) => void,
  { execArgv = [], serialization = 'json' }: ProcessOptions = {},
): LogProcess<Order> {
  let child: ChildProcess;
  try {
    child = fork(fileURLToPath(new URL(entry, import.meta.url)), {
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization,
    });
  } catch (error) {
    const exited = Promise.resolve(notStarted(error as Error));
    return { exited, tell: () => undefined, kill: () => undefined };
  }
  let stderr = '';
  // Its last message may come after its end.
  const heard = new Promise<void>((resolve) => child.once('disconnect', resolve));
  const exited = new Promise<{ how: string; stderr: string }>((resolve) => {
    // One that ends while it is told something is told by how it ended.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(notStarted(error));
    });
    child.once('close', (code, signal) => {
      if (child.pid !== undefined) void heard.then(() => resolve({ how: String(signal ?? code), stderr }));
    });
  });
  // Where this process may open no more files there is none.
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  child.on('message', onMessage);
  return {
    exited,
    tell: (order) => {
      if (child.connected) child.send(order, () => undefined);
    },
    kill: () => {
      if (child.pid !== undefined) child.kill('SIGKILL');
    },
  };
}

function notStarted({ message }: Error): { readonly how: string; readonly stderr: string } {
  return { how: NOT_STARTED, stderr: message };
}
