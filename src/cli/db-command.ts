import type { Command } from 'commander';

/** `pondera db`: backups of the trial history, and whether it is intact. */
export function addDbCommand(program: Command): void {
  const db = program.command('db').description('back up, restore and check the trial history');
  db.command('backup')
    .description('copy the database into a new file, also while a service runs on it')
    .argument('<file>', 'the backup to make')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async (target: string, options: { db: string }) => {
      const { runBackup } = await import('./run-db.ts');
      await runBackup(options.db, target);
    });
  db.command('restore')
    .description('make a database of a backup; one that is there is not replaced')
    .argument('<file>', 'the backup')
    .option('--db <file>', 'the database to make', 'pondera.db')
    .action(async (backup: string, options: { db: string }) => {
      const { runRestore } = await import('./run-db.ts');
      await runRestore(backup, options.db);
    });
  db.command('check')
    .description('read the whole database and say whether it is intact')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async (options: { db: string }) => {
      const { runCheck } = await import('./run-db.ts');
      runCheck(options.db);
    });
}
