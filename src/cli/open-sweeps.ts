import { stat } from 'node:fs/promises';
import type { Store } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import type { Clock } from '../service/clock.ts';
import type { ProcessInstance } from '../service/process-instance.ts';
import { createMeasuringDesk, type MeasuringDesk } from '../service/measuring-desk.ts';
import { createSweepDesk, type SweepDesk } from '../service/sweep-desk.ts';
import { isInMemory } from './next-steps.ts';
import { startMeasuringProcess, startSweepProcess } from './start-log-process.ts';

export interface SweepsOptions {
  readonly db: string;
  readonly datasets: string;
  readonly sweeps: number;
  readonly workers: number;
  readonly memory?: number;
}

/** Throws `request_invalid` where a service could not sweep on what is in the folder. */
export async function checkDatasets(folder: string, db: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const found = `${folder} is no folder: expected the one in which datasets lie (--datasets)`;
    throw new DomainError('request_invalid', found);
  }
  if (isInMemory(db)) {
    const found = `${db} cannot be opened by the processes that sweep: expected a file (--db), or no --datasets`;
    throw new DomainError('request_invalid', found);
  }
}

/** The desk of a service, with what services before have left at work again. */
export async function openSweeps(
  store: Store,
  { db, datasets: root, sweeps: most, workers: threads, memory }: SweepsOptions,
  operation: {
    readonly instance: ProcessInstance;
    readonly clock: Clock;
    readonly onEnd: (study: string, end: string) => void;
    readonly onFault: (study: string, error: unknown) => void;
  },
): Promise<SweepDesk> {
  const desk = createSweepDesk({
    store,
    db,
    root,
    most,
    threads,
    memory,
    ...operation,
    start: startSweepProcess,
  });
  await desk.takeUp();
  return desk;
}

/** Where a service measures arms on the same datasets, with places beside those of sweeps. */
export function openMeasuring(
  { datasets: root, sweeps: most, workers: threads, memory }: SweepsOptions,
  onFailure: (study: string, line: string) => void,
): MeasuringDesk {
  return createMeasuringDesk({ root, most, threads, memory, onFailure, start: startMeasuringProcess });
}
