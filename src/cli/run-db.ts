import { backUp, restore } from '../../store/backup.ts';
import { checkIntegrity, type DatabaseContent } from '../../store/integrity.ts';

export async function runBackup(db: string, target: string): Promise<void> {
  const content = await backUp(db, target);
  process.stdout.write(`${target}: backup of ${db}, ${contentText(content)}\n`);
}

export async function runRestore(backup: string, db: string): Promise<void> {
  const content = await restore(backup, db);
  process.stdout.write(`${db}: restored from ${backup}, ${contentText(content)}\n`);
}

export function runCheck(db: string): void {
  process.stdout.write(`${db}: intact, ${contentText(checkIntegrity(db))}\n`);
}

function contentText({ schema, studies, trials }: DatabaseContent): string {
  return `schema ${schema}, ${studies} ${studies === 1 ? 'study' : 'studies'}, ${trials} ${trials === 1 ? 'trial' : 'trials'}`;
}
