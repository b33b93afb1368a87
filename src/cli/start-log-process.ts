import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LogProcess, StartLogProcess } from '../service/log-process.ts';
import type { MeasuringAnswer, MeasuringOrder } from '../service/measuring-messages.ts';
import type { SweepMessage, SweepOrder } from '../service/sweep-messages.ts';

/** Of what it writes to stderr, the last is kept: what a process says that breaks down. */
const KEPT_STDERR = 4000;

/** Starts a process that waits for its sweep, and ends when this one does. */
export const startSweepProcess: StartLogProcess<SweepOrder, SweepMessage> = (onMessage) =>
  start('./sweep-process.js', onMessage);

/** Starts a process that waits for a log on which it measures arms, and ends when this one does. */
export const startMeasuringProcess: StartLogProcess<MeasuringOrder, MeasuringAnswer> = (onMessage) =>
  start('./measuring-process.js', onMessage);

function start<Order extends object, Message>(
  entry: string,
  onMessage: (message: Message) => void,
): LogProcess<Order> {
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  child.on('message', onMessage);
  // Its last message may come after its end.
  const heard = once(child, 'disconnect');
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(String(code ?? signal)));
    // One that ends while it is told something is told by how it ended.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
  return {
    exited: exited.then(async (how) => {
      if (child.pid !== undefined) await heard;
      return { how, stderr };
    }),
    tell: (order) => void child.send(order, () => undefined),
    kill: () => void child.kill('SIGKILL'),
  };
}
