// The process that reads one file of a readout for `pondera serve`: it gets its task by message, and ends with it or with the service.
import { constants, setPriority } from 'node:os';
import type { ReadoutTask } from '../service/readout-process.ts';

// Ctrl-C and a supervisor's signal reach this process too; what they mean for it, the service says.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The service has gone: nobody waits for the answer.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Requests are answered first. Threads that are started from here on inherit it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

process.once('message', (task: ReadoutTask) => void work(task));

async function work(task: ReadoutTask): Promise<void> {
  const { runReadoutTask } = await import('../service/readout-task.ts');
  const end = await runReadoutTask(task);
  process.send!(end, () => process.exit(0));
}
