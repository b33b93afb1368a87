import { availableParallelism, tmpdir } from 'node:os';
import { type Command, Option } from 'commander';
import { DEFAULT_LIMITS } from '../server/service-limits.ts';
import type { Clock } from '../service/clock.ts';
import { integerOption } from './integer-option.ts';
import { memoryFrom, memoryOption } from './memory-option.ts';
import type { ServeOptions } from './run-server.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const DAY_SECONDS = 86_400;

/** Two threads of DuckDB have a buffer of 32 MB, however small a file is. */
const LEAST_UPLOAD_MB = 64;

/** `pondera serve`: the suggest/complete loop over HTTP, on this machine alone unless the database has an API key. */
export function addServeCommand(program: Command, clock: Clock): void {
  const { rate, queue, transfers, deadline, uploads, uploadSize, uploadMemory } = DEFAULT_LIMITS;
  program
    .command('serve')
    .description('serve studies to external evaluators over HTTP')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--host <address>', 'address; one that other machines reach needs an API key', '127.0.0.1')
    .option('--port <n>', 'port, 0 for any free one', integerOption(0, 65_535), 8350)
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option(
      '--rate <n>',
      'requests a second of one key, over ten seconds; 0 for any number',
      integerOption(0, 1e6),
      rate,
    )
    .option('--queue <n>', 'requests that compute or wait to, of all clients', integerOption(1, 1e5), queue)
    .option('--transfers <n>', 'imports and exports at a time', integerOption(1, 1000), transfers)
    .option('--uploads <n>', 'readouts in files that are taken at a time', integerOption(1, 100), uploads)
    .addOption(
      new Option('--upload-size <amount>', 'largest of them, as it is sent, such as 200MB')
        .argParser(memoryOption)
        .default(uploadSize, '1GiB'),
    )
    .addOption(
      new Option(
        '--upload-memory <amount>',
        `memory that reading one may take beside what Node takes, at least ${LEAST_UPLOAD_MB}MB`,
      )
        .argParser(memoryFrom(LEAST_UPLOAD_MB))
        .default(uploadMemory, '1GB'),
    )
    .option('--upload-folder <folder>', 'where they lie while they are read', tmpdir())
    .option('--deadline <s>', 'seconds that a request may take', integerOption(1, DAY_SECONDS), deadline)
    .option(
      '--drain <s>',
      'seconds that what runs has to end once the service is stopped',
      integerOption(0, DAY_SECONDS),
      10,
    )
    .option(
      '--datasets <folder>',
      'sweep, and measure arms, on registered datasets (pondera datasets add) that lie in this folder',
    )
    .option(
      '--sweeps <n>',
      'sweeps that run at the same time, and beside them as many experiments that are measured; others wait',
      integerOption(1, 16),
      1,
    )
    .option(
      '--memory <amount>',
      "memory that the log of each sweep or experiment and evaluating it may take, such as 4GB (default: half of the machine's by --sweeps)",
      memoryOption,
    )
    .addOption(
      new Option('--log-level <level>', 'of the JSON lines on stderr').choices(LOG_LEVELS).default('info'),
    )
    .action(async (options: ServeOptions) => {
      const { runServer } = await import('./run-server.ts');
      await runServer(options, clock);
    });
}
