import { constants, setPriority } from 'node:os';

/** Makes this process one that takes its orders from the service that has started it, and ends with it. */
export function workForService<Order>(onOrder: (order: Order) => void): void {
  // Ctrl-C and a supervisor's signal reach this process too; what they mean for it, the service says.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  // The service has gone: whoever starts it again goes on from what is stored.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Requests are answered first. Threads that are started from here on inherit it.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('message', onOrder);
}
