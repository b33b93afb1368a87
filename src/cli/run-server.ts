import { existsSync } from 'node:fs';
import { openStore } from '../../store/open.ts';
import { createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import type { Clock } from '../service/clock.ts';
import { openComputePool } from '../service/compute-pool.ts';
import { createStudyQueue } from '../service/study-queue.ts';
import { isInMemory } from './next-steps.ts';
import { processInstance } from './process-instance.ts';

export interface ServeOptions {
  readonly db: string;
  readonly port: number;
  readonly workers: number;
}

/** Serves until it is interrupted. The database is opened, and made, only where the port can be had. */
export async function runServer({ db, port, workers }: ServeOptions, clock: Clock): Promise<void> {
  const opened: (() => Promise<void>)[] = [];
  // A misspelt name makes a new database, which is to be seen.
  const kind = isInMemory(db) ? ' (lost at its end)' : existsSync(db) ? '' : ' (new)';
  try {
    const server = await listen(port, async () => {
      const store = await openStore(db);
      opened.push(() => store.destroy());
      const pool = openComputePool(workers);
      opened.push(() => pool.close());
      const context = {
        store,
        pool,
        queue: createStudyQueue(),
        clock,
        actor: 'local',
        instance: processInstance(),
      };
      return createApp(context, reportFault);
    });
    process.stdout.write(
      `pondera listens on ${server.address}/v1/studies with ${db}${kind}; Ctrl-C ends it\n`,
    );
    await new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await server.close();
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

function reportFault(error: unknown): void {
  process.stderr.write(`pondera: ${error instanceof Error ? error.stack : String(error)}\n`);
}
