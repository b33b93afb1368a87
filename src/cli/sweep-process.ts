// The process of one sweep of `pondera serve`: it gets its task by message, and ends with the sweep or with the service.
import { constants, setPriority } from 'node:os';
import type { SweepMessage, SweepOrder } from '../service/sweep-messages.ts';

// Ctrl-C and a supervisor's signal reach this process too; what they mean for it, the service says.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The service has gone: whoever starts it again goes on from what is stored.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Requests are answered first. Threads that are started from here on inherit it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const stopping = new AbortController();
process.on('message', (order: SweepOrder) => {
  if (order.kind === 'stop') stopping.abort();
  else void work(order);
});

async function work({ task }: SweepOrder & { kind: 'work' }): Promise<void> {
  const { runSweepTask } = await import('../service/sweep-task.ts');
  const end = await runSweepTask(task, {
    tell: (message: SweepMessage) => void process.send!(message),
    stopping: stopping.signal,
    clock: () => new Date().toISOString(),
    secondsNow: () => performance.now() / 1000,
  });
  process.send!(end, () => process.exit(0));
}
