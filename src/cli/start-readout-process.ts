import type { ReadoutEnd, ReadoutProcess, ReadoutTask } from '../service/readout-process.ts';
import { startProcess } from './start-process.ts';

/** What JavaScript may take there: it holds a chunk of rows and one line of the file. */
const HEAP_MB = 256;

/** Starts a process that reads one file, and ends when this one does. */
export function startReadoutProcess(task: ReadoutTask): ReadoutProcess {
  let end: ReadoutEnd | undefined;
  const { exited, tell, kill } = startProcess<ReadoutTask, ReadoutEnd>(
    './readout-process.js',
    (message) => (end = message),
    { execArgv: [`--max-old-space-size=${HEAP_MB}`], serialization: 'advanced' },
  );
  tell(task);
  return { ended: exited.then((ended) => end ?? { kind: 'ended', ...ended }), kill };
}
