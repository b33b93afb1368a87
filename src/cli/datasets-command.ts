import type { Command } from 'commander';
import type { Clock } from '../service/clock.ts';

/** `pondera datasets`: the logs that the service may sweep on, by name. */
export function addDatasetsCommand(program: Command, clock: Clock): void {
  const datasets = program
    .command('datasets')
    .description('logs that "pondera serve --datasets" sweeps on, kept by name in its database');
  datasets
    .command('add')
    .description('register a log: where it lies, and the SHA-256 of its bytes')
    .argument('<name>', 'what studies call it (log.dataset)')
    .argument('<file...>', 'Parquet, CSV or NDJSON: files or patterns')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async (name: string, files: readonly string[], { db }: { db: string }) => {
      const { runDatasetsAdd } = await import('./run-datasets.ts');
      await runDatasetsAdd(db, name, files, clock);
    });
  datasets
    .command('list')
    .description('list the registered logs and where they lie')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async ({ db }: { db: string }) => {
      const { runDatasetsList } = await import('./run-datasets.ts');
      await runDatasetsList(db);
    });
  datasets
    .command('remove')
    .description('forget a registered log; its files stay')
    .argument('<name>', 'its name')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async (name: string, { db }: { db: string }) => {
      const { runDatasetsRemove } = await import('./run-datasets.ts');
      await runDatasetsRemove(db, name);
    });
}
