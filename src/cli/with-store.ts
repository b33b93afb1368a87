import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore, type Store } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import { isInMemory } from './next-steps.ts';

/** Runs the work of a command on a database that outlives it; errors of the database name its file. */
export async function withStore(
  db: string,
  mustExist: boolean,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  if (isInMemory(db)) {
    throw new DomainError('database_invalid', `${db} ends with this command: expected a file (--db)`);
  }
  checkDatabaseFile(db, { mustExist });
  const store = await openStore(db);
  try {
    await work(store);
  } catch (error) {
    throw error instanceof DomainError && error.code === 'database_invalid' ? error.at({ file: db }) : error;
  } finally {
    await store.destroy();
  }
}
