import { existsSync } from 'node:fs';
import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore, type Store } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import { createApp } from '../server/app.ts';
import { createLifecycle } from '../server/lifecycle.ts';
import { listen } from '../server/listen.ts';
import { createLogStream } from '../server/log-stream.ts';
import { createLogger } from '../server/logger.ts';
import { isLoopback } from '../server/loopback.ts';
import type { ServiceLimits } from '../server/service-limits.ts';
import { keysAreNeeded } from '../service/api-keys.ts';
import { closeAll } from '../service/close-all.ts';
import type { Clock } from '../service/clock.ts';
import { openComputePool } from '../service/compute-pool.ts';
import type { MeasuringDesk } from '../service/measuring-desk.ts';
import { rememberAnswers } from '../service/remember-answers.ts';
import { createStudyQueue } from '../service/study-queue.ts';
import { openUploadFolder } from '../service/upload-folder.ts';
import type { SweepDesk } from '../service/sweep-desk.ts';
import { isInMemory } from './next-steps.ts';
import { checkDatasets, openMeasuring, openSweeps } from './open-sweeps.ts';
import { processInstance } from './process-instance.ts';
import { startReadoutProcess } from './start-readout-process.ts';

export interface ServeOptions extends ServiceLimits {
  readonly db: string;
  readonly host: string;
  readonly port: number;
  readonly workers: number;
  /** Seconds that what runs may take to its end once the service is told to stop. */
  readonly drain: number;
  readonly logLevel: string;
  /** The folder that datasets may lie in; without it nothing is swept. */
  readonly datasets?: string;
  readonly sweeps: number;
  /** Bytes that the log of each sweep and evaluating it may take. */
  readonly memory?: number;
  /** Where files of readouts lie while they are read. */
  readonly uploadFolder: string;
}

/** How long answers that were given up may take to be sent. */
const CLOSE_MS = 1000;

/** Serves until it is interrupted. The database is opened, and made, only where the port can be had. */
export async function runServer(options: ServeOptions, clock: Clock): Promise<void> {
  const { db, host, port, workers, drain, logLevel, datasets } = options;
  if (datasets !== undefined) await checkDatasets(datasets, db);
  const opened: (() => Promise<void>)[] = [];
  // To ask for the stream makes Node open a pipe so that a write to it never blocks.
  const log = createLogStream(process.stderr.fd);
  const logger = createLogger(logLevel, log);
  const lifecycle = createLifecycle();
  let sweeps: SweepDesk | undefined;
  let measuring: MeasuringDesk | undefined;
  // A misspelt name makes a new database, which is to be seen.
  const kind = isInMemory(db) ? ' (lost at its end)' : existsSync(db) ? '' : ' (new)';
  try {
    const start = async (address: string) => {
      checkDatabaseFile(db);
      if (!isLoopback(address) && kind !== '') throw keyMissing(host, db);
      const store = await openStore(db);
      opened.push(() => store.destroy());
      if (!isLoopback(address)) await checkKeys(store, host, db);
      const pool = rememberAnswers(openComputePool(workers));
      opened.push(() => pool.close());
      const instance = processInstance();
      const folder = await openUploadFolder(options.uploadFolder, instance);
      opened.push(() => folder.close());
      const uploads = {
        folder,
        start: startReadoutProcess,
        onFailure: (study: string, problem: string) => logger.warn({ study, problem }, 'reading'),
      };
      const context = { store, pool, queue: createStudyQueue(), clock, actor: 'local', instance, uploads };
      if (datasets !== undefined) {
        sweeps = await openSweeps(
          store,
          { ...options, datasets },
          {
            instance,
            clock,
            onEnd: (study, end) => logger.info({ study, end }, 'sweep'),
            onFault: (study, error) => logger.error({ err: error, study }, 'fault'),
          },
        );
      }
      if (datasets !== undefined) {
        measuring = openMeasuring({ ...options, datasets }, (study, problem) =>
          logger.info({ study, problem }, 'measuring'),
        );
      }
      return createApp(
        { ...context, sweeps, measuring },
        (error, requestId) => logger.error({ err: error, requestId }, 'fault'),
        { limits: options, lifecycle, logger },
      );
    };
    const server = await listen(port, start, host);
    process.stdout.write(
      `pondera listens on ${server.address}/v1/studies with ${db}${kind}; Ctrl-C ends it\n`,
    );
    const signal = await firstSignal();
    logger.info({ signal, open: lifecycle.open.size }, 'draining');
    const [givenUp] = await Promise.all([lifecycle.drain(drain * 1000), sweeps?.stop(drain * 1000)]);
    await measuring?.stop();
    await server.close(CLOSE_MS);
    logger.info({ givenUp }, 'stopped');
  } finally {
    await closeAll([...opened.reverse(), () => log.end()]);
  }
}

/** The first signal to stop; another ends the process at once, as if nobody listened. */
function firstSignal(): Promise<NodeJS.Signals> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  return new Promise((resolve) => {
    const take = (signal: NodeJS.Signals): void => {
      for (const each of signals) process.removeListener(each, take);
      resolve(signal);
    };
    for (const each of signals) process.on(each, take);
  });
}

async function checkKeys(store: Store, host: string, db: string): Promise<void> {
  if (!(await keysAreNeeded(store))) throw keyMissing(host, db);
}

function keyMissing(host: string, db: string): DomainError {
  return new DomainError(
    'key_invalid',
    `host ${host} lets other machines in, and ${db} has no API key: ` +
      'expected one (pondera keys create), or --host 127.0.0.1',
  );
}
