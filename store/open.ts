import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
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
const APPLICATION_ID = 0x706f6e64;

/** How long a second process on the same file is waited for. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the trial history, made if it does not exist, at the newest schema.
 *
 * WAL with `synchronous = FULL`: what was acknowledged survives the process and the machine.
 * Throws `database_invalid` for a file that is not a pondera database or that another version wrote.
 */
export async function openStore(file: string): Promise<Store> {
  let connection: SqliteDatabase.Database | undefined;
  let store: Store | undefined;
  // SQLite would take it for a temporary database, lost at the end.
  if (file === '')
    throw new DomainError('database_invalid', 'the database has an empty name: expected a file');
  try {
    connection = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT_MS });
    claim(connection);
    store = new Kysely<Database>({ dialect: new SqliteDialect({ database: connection }) });
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

function claim(connection: SqliteDatabase.Database): void {
  // In this order: whoever makes the tables at this moment has marked the file before.
  const tables = connection.prepare('select count(*) as tables from sqlite_schema').pluck().get();
  const applicationId = connection.pragma('application_id', { simple: true });
  if (applicationId !== APPLICATION_ID) {
    if (applicationId !== 0 || tables !== 0) {
      throw new DomainError(
        'database_invalid',
        'is an SQLite database, but not one of pondera: expected a new file',
      );
    }
    connection.pragma(`application_id = ${APPLICATION_ID}`);
  }
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
}

/** One clear line for what SQLite found wrong with the file; other errors pass as they are. */
export function databaseError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : undefined;
  const known = Object.entries(SQLITE_PROBLEMS).find(([prefix]) => code?.startsWith(prefix));
  if (known !== undefined) return new DomainError('database_invalid', known[1]);
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new DomainError('database_invalid', 'its folder does not exist: expected an existing folder');
  }
  throw error;
}

const SQLITE_PROBLEMS = {
  SQLITE_NOTADB: 'is not an SQLite database: expected a database of pondera or a new file',
  SQLITE_CORRUPT: 'is a damaged database: expected an intact one (restore a backup)',
  SQLITE_READONLY: 'is read-only: expected a writable database',
  SQLITE_CANTOPEN: 'cannot be opened: expected a file that can be read and written',
  SQLITE_FULL: 'cannot grow, the disk is full: expected free space',
  SQLITE_IOERR: 'cannot be read or written (input/output error): expected a working disk',
  SQLITE_BUSY: 'is locked by another process for over 10 seconds: expected it to be released',
} as const;
