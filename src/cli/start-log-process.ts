import type { StartLogProcess } from '../service/log-process.ts';
import type { MeasuringAnswer, MeasuringOrder } from '../service/measuring-messages.ts';
import type { SweepMessage, SweepOrder } from '../service/sweep-messages.ts';
import { startProcess } from './start-process.ts';

/** Starts a process that waits for its sweep, and ends when this one does. */
export const startSweepProcess: StartLogProcess<SweepOrder, SweepMessage> = (onMessage) =>
  startProcess('./sweep-process.js', onMessage);

/** Starts a process that waits for a log on which it measures arms, and ends when this one does. */
export const startMeasuringProcess: StartLogProcess<MeasuringOrder, MeasuringAnswer> = (onMessage) =>
  startProcess('./measuring-process.js', onMessage);
