import { setTimeout } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
import { clearDriver, databaseError } from './database-error.ts';
import { migrateToLatest } from './migrate.ts';
import type { Database } from './schema.ts';

export type Store = Kysely<Database>;

/** Runs the work in a transaction: the one that is open already, or a new one. */
export async function inTransaction<Value>(
  store: Store,
  work: (transaction: Store) => Promise<Value>,
): Promise<Value> {
  return store.isTransaction ? work(store) : store.transaction().execute(work);
}

/** "pond": marks the file as ours, see SQLite's `PRAGMA application_id`. */
export const APPLICATION_ID = 0x706f6e64;

export const NOT_OURS = 'is an SQLite database, but not one of pondera: expected a new file';

/** How long a second process on the same file is waited for. */
const BUSY_TIMEOUT_MS = 10_000;
const CLAIM_RETRY_MS = 50;

/**
 * Opens the trial history, made if it does not exist, at the newest schema.
 *
 * WAL with `synchronous = FULL`: what was acknowledged survives the process and the machine.
 * Throws `database_invalid` for a file that is not a pondera database or that another version wrote. So do the queries,
 * where the file can no longer be read or written, or stays locked for longer than `busyTimeoutMs`.
 */
export async function openStore(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): Promise<Store> {
  let connection: SqliteDatabase.Database | undefined;
  let store: Store | undefined;
  // SQLite would take it for a temporary database, lost at the end.
  if (file === '')
    throw new DomainError('database_invalid', 'the database has an empty name: expected a file');
  try {
    connection = new SqliteDatabase(file, { timeout: busyTimeoutMs });
    await claimInTurn(connection, busyTimeoutMs);
    store = new Kysely<Database>({ dialect: new SqliteDialect({ database: clearDriver(connection) }) });
    // One migrates at a time, and wholly or not at all: kysely has no transaction around migrations of SQLite.
    connection.exec('begin immediate');
    await migrateToLatest(store);
    connection.exec('commit');
    return store;
  } catch (error) {
    await store?.destroy();
    connection?.close();
    throw databaseError(error).at({ file });
  }
}

/** SQLite's own time-out does not cover the change to WAL, at which two first openings can meet. */
async function claimInTurn(connection: SqliteDatabase.Database, busyTimeoutMs: number): Promise<void> {
  for (let waited = 0; ; waited += CLAIM_RETRY_MS) {
    try {
      claim(connection);
      return;
    } catch (error) {
      const busy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || waited >= busyTimeoutMs) throw error;
      await setTimeout(CLAIM_RETRY_MS);
    }
  }
}

function claim(connection: SqliteDatabase.Database): void {
  // In this order: whoever makes the tables at this moment has marked the file before.
  const tables = connection.prepare('select count(*) as tables from sqlite_schema').pluck().get();
  const applicationId = connection.pragma('application_id', { simple: true });
  if (applicationId !== APPLICATION_ID) {
    if (applicationId !== 0 || tables !== 0) throw new DomainError('database_invalid', NOT_OURS);
    connection.pragma(`application_id = ${APPLICATION_ID}`);
  }
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
}
