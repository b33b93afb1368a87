import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ReadoutEnd, ReadoutProcess, ReadoutTask } from '../service/readout-process.ts';

const ENTRY = fileURLToPath(new URL('./readout-process.js', import.meta.url));

/** What JavaScript may take there: it holds a chunk of rows and one line of the file. */
const HEAP_MB = 256;

/** Of what it writes to stderr, the last is kept: what a process says that breaks down. */
const KEPT_STDERR = 4000;

/** Starts a process that reads one file, and ends when this one does. */
export function startReadoutProcess(task: ReadoutTask): ReadoutProcess {
  const child = fork(ENTRY, {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Numbers arrive as they are, −0 too.
    serialization: 'advanced',
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  let end: ReadoutEnd | undefined;
  child.on('message', (message: ReadoutEnd) => {
    end = message;
  });
  // Its message may come after its end.
  const heard = new Promise<void>((resolve) => child.once('disconnect', resolve));
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(String(signal ?? code)));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
  child.send(task, () => undefined);
  return {
    ended: exited.then(async (how) => {
      if (child.pid !== undefined) await heard;
      return end ?? { kind: 'ended', how, stderr };
    }),
    kill: () => void child.kill('SIGKILL'),
  };
}
