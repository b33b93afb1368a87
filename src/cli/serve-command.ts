import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { openStore } from '../../store/open.ts';
import { createApp } from '../server/app.ts';
import { listen } from '../server/listen.ts';
import type { Clock } from '../service/clock.ts';
import { openComputePool } from '../service/compute-pool.ts';
import { createStudyQueue } from '../service/study-queue.ts';
import { integerOption } from './integer-option.ts';

interface ServeOptions {
  readonly db: string;
  readonly port: number;
  readonly workers: number;
}

/** `pondera serve`: the suggest/complete loop over HTTP, on this machine's loopback address. */
export function addServeCommand(program: Command, clock: Clock): void {
  program
    .command('serve')
    .description('serve studies to external evaluators over HTTP, on 127.0.0.1')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--port <n>', 'port, 0 for any free one', integerOption(0, 65_535), 8350)
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .action((options: ServeOptions) => runServer(options, clock));
}

async function runServer({ db, port, workers }: ServeOptions, clock: Clock): Promise<void> {
  const store = await openStore(db);
  const pool = openComputePool(workers);
  try {
    const context = { store, pool, queue: createStudyQueue(), clock };
    const server = await listen(createApp(context, reportFault), port);
    process.stdout.write(`pondera listens on ${server.address}/v1/studies with ${db}; Ctrl-C ends it\n`);
    await new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await server.close();
  } finally {
    await pool.close();
    await store.destroy();
  }
}

function reportFault(error: unknown): void {
  process.stderr.write(`pondera: ${error instanceof Error ? error.stack : String(error)}\n`);
}
