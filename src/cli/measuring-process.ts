// The process that measures arms on one log for `pondera serve`: it is asked by message, and is ended by the service or with it.
import type { MeasuringOrder } from '../service/measuring-messages.ts';
import { workForService } from './work-for-service.ts';

const measurer = import('../service/measuring-task.ts').then(({ createMeasurer }) => createMeasurer());

workForService<MeasuringOrder>((order) => void answer(order));

async function answer(order: MeasuringOrder): Promise<void> {
  const ask = await measurer;
  process.send!(await ask(order));
}
