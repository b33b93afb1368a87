import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Clock } from '../service/clock.ts';
import { integerOption } from './integer-option.ts';
import type { ServeOptions } from './run-server.ts';

/** `pondera serve`: the suggest/complete loop over HTTP, on this machine's loopback address. */
export function addServeCommand(program: Command, clock: Clock): void {
  program
    .command('serve')
    .description('serve studies to external evaluators over HTTP, on 127.0.0.1')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--port <n>', 'port, 0 for any free one', integerOption(0, 65_535), 8350)
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .action(async (options: ServeOptions) => {
      const { runServer } = await import('./run-server.ts');
      await runServer(options, clock);
    });
}
