import { type Command, Option } from 'commander';
import { type Scope, SCOPES } from '../domain/api-key.ts';
import type { Clock } from '../service/clock.ts';

/** `pondera keys`: who may call the service, and for what. */
export function addKeysCommand(program: Command, clock: Clock): void {
  const keys = program.command('keys').description('API keys of the service, kept in its database');
  keys
    .command('create')
    .description('make a key and print it once; from the first key on the service needs one')
    .requiredOption('--name <name>', 'whose key it is; shown in logs and lists')
    .addOption(
      new Option('--scope <scope>', 'read: GET; write: also POST and PATCH; admin: also DELETE and :void')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async ({ db, name, scope }: { db: string; name: string; scope: Scope }) => {
      const { runKeysCreate } = await import('./run-keys.ts');
      await runKeysCreate(db, name, scope, clock);
    });
  keys
    .command('list')
    .description('list the keys without their secrets')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async ({ db }: { db: string }) => {
      const { runKeysList } = await import('./run-keys.ts');
      await runKeysList(db);
    });
  keys
    .command('revoke')
    .description('revoke a key, for a running service too')
    .argument('<key>', 'its name or identifier')
    .option('--db <file>', 'trial history', 'pondera.db')
    .action(async (key: string, { db }: { db: string }) => {
      const { runKeysRevoke } = await import('./run-keys.ts');
      await runKeysRevoke(db, key, clock);
    });
}
