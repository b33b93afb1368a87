import { Kysely } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
import { threadedDialect } from './dialect.ts';
import { migrateToLatest } from './migrate.ts';
import type { Database } from './schema.ts';
import { connectInThread, type ThreadedConnection } from './threaded-connection.ts';

export type Store = Kysely<Database>;

/** Runs the work in a transaction: the one that is open already, or a new one. */
export async function inTransaction<Value>(
  store: Store,
  work: (transaction: Store) => Promise<Value>,
): Promise<Value> {
  return store.isTransaction ? work(store) : store.transaction().execute(work);
}

/** The same for work that only reads, and is to see one state: it waits for nobody who writes. */
export async function inReadTransaction<Value>(
  store: Store,
  work: (transaction: Store) => Promise<Value>,
): Promise<Value> {
  return store.isTransaction ? work(store) : store.transaction().setAccessMode('read only').execute(work);
}

/**
 * The same for work that reads for long: it has a connection of its own, in another thread, and holds up nobody. It sees
 * all that was stored before it began, and nothing that is stored meanwhile.
 */
export async function inSnapshot<Value>(
  store: Store,
  work: (transaction: Store) => Promise<Value>,
): Promise<Value> {
  if (store.isTransaction) return work(store);
  return inReadTransaction(await (snapshots.get(store)?.() ?? store), work);
}

/** Of each store, how the connection for long reads is opened; a database in memory has one connection alone. */
const snapshots = new WeakMap<Store, () => Promise<Store>>();

/** How long a second process on the same file is waited for. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the trial history, made if it does not exist, at the newest schema. SQLite runs in a thread of its own.
 *
 * What was acknowledged survives the process and the machine. `:memory:` is a database that is lost when it is closed.
 * Throws `database_invalid` for a file that is not a pondera database or that another version wrote. So do the queries,
 * where the file can no longer be read or written, or stays locked for longer than `busyTimeoutMs`.
 */
export async function openStore(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): Promise<Store> {
  // SQLite would take it for a temporary database, lost at the end.
  if (file === '')
    throw new DomainError('database_invalid', 'the database has an empty name: expected a file');
  try {
    const connection = await connectInThread(file, busyTimeoutMs);
    const reader = lateReader(file, busyTimeoutMs);
    const close = async (): Promise<void> => {
      await reader.close();
      await connection.close();
    };
    const store = new Kysely<Database>({ dialect: threadedDialect({ ...connection, close }) });
    if (file !== ':memory:') snapshots.set(store, async () => reader.open());
    try {
      await migrateInOneTransaction(connection, store);
      return store;
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // The file is named where it was opened: the queries speak of "the database", since they know no file.
    const { code, message, place, details } = error;
    throw new DomainError(
      code,
      message.replace(/^the database (?=is|cannot)/, ''),
      { ...place, file },
      details,
    );
  }
}

/** The connection for long reads, opened when it is first asked for. */
function lateReader(file: string, busyTimeoutMs: number) {
  let reader: Promise<Store> | undefined;
  return {
    async open(): Promise<Store> {
      reader ??= connectInThread(file, busyTimeoutMs).then(
        (connection) => new Kysely<Database>({ dialect: threadedDialect(connection) }),
      );
      return reader;
    },
    async close(): Promise<void> {
      await (await reader)?.destroy();
    },
  };
}

/** One migrates at a time, and wholly or not at all: kysely has no transaction around migrations of SQLite. */
async function migrateInOneTransaction(connection: ThreadedConnection, store: Store): Promise<void> {
  await connection.execute('begin immediate');
  await migrateToLatest(store);
  const { rows } = await connection.execute('pragma foreign_key_check');
  if (rows.length > 0) {
    throw new DomainError(
      'database_invalid',
      `holds ${rows.length} rows that belong to nothing: expected an intact database (restore a backup)`,
    );
  }
  await connection.execute('commit');
  await connection.execute('pragma foreign_keys = ON');
}
