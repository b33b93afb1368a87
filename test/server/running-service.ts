import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../store/open.ts';
import { processInstance } from '../../src/cli/process-instance.ts';
import { startReadoutProcess } from '../../src/cli/start-readout-process.ts';
import { createApp, type Operation } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import type { ProcessInstance } from '../../src/service/process-instance.ts';
import type { MeasuringDesk } from '../../src/service/measuring-desk.ts';
import type { SweepDesk } from '../../src/service/sweep-desk.ts';
import type { StartReadoutProcess } from '../../src/service/readout-process.ts';
import { rememberAnswers } from '../../src/service/remember-answers.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { openUploadFolder } from '../../src/service/upload-folder.ts';
import { type Answer, exchange, type Sent } from './exchange.ts';

/** A real server with a real store and real worker threads, on any free port. */
export interface RunningService {
  readonly address: string;
  /** What the program did wrong while serving; a test leaves none behind. */
  readonly faults: readonly unknown[];
  readonly pool: ComputePool;
  readonly measuring: MeasuringDesk | undefined;
  get<Body = unknown>(path: string): Promise<Answer<Body>>;
  post<Body = unknown>(path: string, value?: unknown): Promise<Answer<Body>>;
  /** Posts under an `Idempotency-Key`. */
  keyed<Body = unknown>(key: string, path: string, value?: unknown): Promise<Answer<Body>>;
  /** Posts a body that is JSON as it stands: JavaScript could not write it. */
  raw<Body = unknown>(path: string, body: string): Promise<Answer<Body>>;
  close(): Promise<void>;
}

/** What a service works on datasets with. */
export interface Desks {
  readonly sweeps: SweepDesk;
  readonly measuring: MeasuringDesk;
}

/** When everything happens. */
export const NOW = '2026-01-01T00:00:00.000Z';

/** Where files of readouts lie, and who reads them. */
interface UploadOptions {
  readonly folder: string;
  readonly start: StartReadoutProcess;
  /** Left out, what it is told is a fault. */
  readonly onFailure: (study: string, line: string) => void;
}

/** Without a limit of the rate, unless `operation` has one: tests ask fast. */
export async function startService(
  database: string,
  busyTimeoutMs?: number,
  operation: Operation = {},
  clock = (): string => NOW,
  openDesks?: (store: Store, instance: ProcessInstance, onFault: (error: unknown) => void) => Promise<Desks>,
  { folder: parent = tmpdir(), start = startReadoutProcess, onFailure }: Partial<UploadOptions> = {},
): Promise<RunningService> {
  const store = await openStore(database, busyTimeoutMs);
  const pool = rememberAnswers(openComputePool(1));
  const faults: unknown[] = [];
  const instance = instanceBesideOthers();
  const limits = { rate: 0, ...operation.limits };
  const onFault = (error: unknown): number => faults.push(error);
  const { sweeps, measuring } = (await openDesks?.(store, instance, onFault)) ?? {};
  const uploads = {
    folder: await openUploadFolder(parent, instance),
    start,
    onFailure: onFailure ?? ((_study: string, line: string) => void faults.push(line)),
  };
  const queue = createStudyQueue();
  const context = { store, pool, queue, clock, actor: 'local', instance, sweeps, measuring, uploads };
  const server = await listen(0, async () => createApp(context, onFault, { ...operation, limits }));
  const { address } = server;
  return {
    address,
    faults,
    pool,
    measuring,
    get: (path) => exchange(address, 'GET', path),
    post: (path, value) =>
      exchange(address, 'POST', path, value === undefined ? {} : json(JSON.stringify(value))),
    keyed: (key, path, value = {}) =>
      exchange(address, 'POST', path, json(JSON.stringify(value), { 'idempotency-key': key })),
    raw: (path, body) => exchange(address, 'POST', path, json(body)),
    async close() {
      await Promise.all([sweeps?.stop(0), measuring?.stop()]);
      // Who listens to events is cut off.
      await server.close(sweeps === undefined ? undefined : 1000);
      await pool.close();
      await uploads.folder.close();
      await store.destroy();
      running.delete(instance.id);
    },
  };
}

/** Services of this process stand for processes of their own: each knows that the others live. */
function instanceBesideOthers(): ProcessInstance {
  const instance = processInstance();
  running.add(instance.id);
  return { ...instance, isAlive: (id) => running.has(id) || instance.isAlive(id) };
}

const running = new Set<string>();

function json(body: string, headers: Readonly<Record<string, string>> = {}): Sent {
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}

/** A folder for databases that goes with the tests that used it. */
export interface TemporaryDatabases {
  file(name: string): string;
  remove(): void;
}

export function temporaryDatabases(): TemporaryDatabases {
  const folder = mkdtempSync(join(tmpdir(), 'pondera-server-'));
  return {
    file: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A server for the tests of one file: started before the first, ended after the last, which find no fault in it. */
export function serviceOfThisFile(): () => RunningService {
  const databases = temporaryDatabases();
  let service: RunningService | undefined;
  before(async () => {
    service = await startService(databases.file('trials.db'));
  });
  after(async () => {
    await service?.close();
    databases.remove();
    if (service !== undefined && service.faults.length > 0) {
      throw new AggregateError(service.faults, `the service had ${service.faults.length} faults`);
    }
  });
  return () => service!;
}
