// The process that reads one file of a readout for `pondera serve`: it gets its task by message, and ends with it or with the service.
import type { ReadoutTask } from '../service/readout-process.ts';
import { workForService } from './work-for-service.ts';

workForService<ReadoutTask>((task) => void work(task));

async function work(task: ReadoutTask): Promise<void> {
  const { runReadoutTask } = await import('../service/readout-task.ts');
  const end = await runReadoutTask(task);
  process.send!(end, () => process.exit(0));
}
