import { ask } from './ask.ts';

/** Between the looks of the delay's timer (`eventLoopMonitoringPrecision` of prom-client), which each delay includes. */
const RESOLUTION_MS = 10;

/** Runs the work, and returns by how much the event loop of the service was late at most meanwhile, in milliseconds. */
export async function longestDelay(address: string, work: () => Promise<void>): Promise<number> {
  await ask(address, 'GET', '/metrics');
  await work();
  return delayOf((await ask(address, 'GET', '/metrics'))!.text);
}

/** The longest delay since metrics were asked for the last time. */
export function delayOf(metrics: string): number {
  const found = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(metrics)?.[1];
  if (found === undefined) throw new Error('the service tells no delay of its event loop');
  return Math.max(0, Number(found) * 1000 - RESOLUTION_MS);
}
