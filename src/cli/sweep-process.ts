// The process of one sweep of `pondera serve`: it gets its task by message, and ends with the sweep or with the service.
import type { SweepMessage, SweepOrder } from '../service/sweep-messages.ts';
import { workForService } from './work-for-service.ts';

const stopping = new AbortController();
workForService<SweepOrder>((order) => {
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
