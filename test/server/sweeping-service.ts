import { parse } from 'yaml';
import { openMeasuring, openSweeps } from '../../src/cli/open-sweeps.ts';
import type { Operation } from '../../src/server/app.ts';
import type { SweepResource } from '../../src/server/sweep-resources.ts';
import { sweepResourceSchema } from '../../src/server/sweep-resources.ts';
import { describeDataset, registerDataset } from '../../src/service/register-dataset.ts';
import { openStore } from '../../store/open.ts';
import { listTrials, type StoredTrial } from '../../store/trials.ts';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { type RunningService, startService } from './running-service.ts';

/** How often a test looks whether something has come. */
const LOOK_MS = 20;
const LONGEST_WAIT_MS = 60_000;

export const clock = (): string => new Date().toISOString();

/** The small study as a client sends it, on the registered dataset `feed`. */
export function datasetStudy(name: string, more: object = {}, dataset = 'feed'): object {
  const study = parse(smallStudy()) as { log: object };
  return { ...study, name, log: { dataset, request: 'r' }, ...more };
}

/** A folder with the small log, registered as `feed` in the database beside it. */
export async function folderWithDataset(rows = 400): Promise<TemporaryFolder> {
  const folder = temporaryFolder();
  folder.write('log.csv', smallLog(rows));
  await register(folder, 'feed', 'log.csv');
  return folder;
}

/** Registers a file of the folder. */
export async function register(folder: TemporaryFolder, name: string, file: string): Promise<void> {
  const dataset = await describeDataset(name, [folder.file(file)], clock);
  const store = await openStore(folder.file('a.db'));
  await registerDataset(store, dataset);
  await store.destroy();
}

export interface SweepingOptions {
  readonly sweeps?: number;
  readonly workers?: number;
  readonly root?: string;
  readonly memory?: number;
  readonly operation?: Operation;
}

/** A service that sweeps on the datasets of a folder. */
export async function startSweeping(
  folder: TemporaryFolder,
  { sweeps = 1, workers = 1, root = folder.path, memory, operation = {} }: SweepingOptions = {},
): Promise<RunningService> {
  const db = folder.file('a.db');
  const options = { db, datasets: root, sweeps, workers, ...(memory !== undefined && { memory }) };
  return startService(db, undefined, operation, clock, async (store, instance, onFault) => ({
    sweeps: await openSweeps(store, options, {
      instance,
      clock,
      onEnd: () => undefined,
      onFault: (_study, error) => onFault(error),
    }),
    measuring: openMeasuring(options, () => undefined),
  }));
}

/** The sweep of a study, which is as its schema says. */
export async function sweepOf(service: Pick<RunningService, 'get'>, study: string): Promise<SweepResource> {
  const answer = await service.get(`/v1/studies/${study}/sweep`);
  if (answer.status !== 200) throw new Error(answer.text);
  return sweepResourceSchema.parse(answer.body);
}

/** Waits until the sweep of a study is as asked for. */
export async function untilSweep(
  service: Pick<RunningService, 'get'>,
  study: string,
  isReached: (sweep: SweepResource) => boolean,
): Promise<SweepResource> {
  const end = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const sweep = await sweepOf(service, study);
    if (isReached(sweep)) return sweep;
    if (sweep.state === 'failed' || performance.now() > end) {
      throw new Error(`not reached: ${JSON.stringify(sweep)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The stored trials without the times at which they came and ended. */
export async function trialsOf(db: string, study: string): Promise<readonly object[]> {
  return (await storedTrials(db, study)).map(
    ({ createdAt: _created, completedAt: _completed, ...trial }) => trial,
  );
}

export async function storedTrials(db: string, study: string): Promise<readonly StoredTrial[]> {
  const store = await openStore(db);
  try {
    return await listTrials(store, study);
  } finally {
    await store.destroy();
  }
}
