import { ask } from './ask.ts';

/** Between the looks of the delay's timer (`eventLoopMonitoringPrecision` of prom-client), which each delay includes. */
const RESOLUTION_MS = 10;

/** Runs the work, and returns by how much the event loop of the service was late at most meanwhile, in milliseconds. */
export async function longestDelay(address: string, work: () => Promise<void>): Promise<number> {
  await lag(address);
  await work();
  return Math.max(0, (await lag(address)) - RESOLUTION_MS);
}

/** Since it was asked for the last time. */
async function lag(address: string): Promise<number> {
  const { text } = (await ask(address, 'GET', '/metrics'))!;
  const found = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1];
  if (found === undefined) throw new Error('the service tells no delay of its event loop');
  return Number(found) * 1000;
}
