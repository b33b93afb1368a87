import SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as Driver } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';

/** By the beginning of SQLite's error code. */
export const SQLITE_PROBLEMS = {
  SQLITE_NOTADB: 'is not an SQLite database: expected a database of pondera or a new file',
  SQLITE_CORRUPT: 'is damaged: expected an intact database (restore a backup)',
  SQLITE_READONLY: 'is read-only: expected a writable database',
  SQLITE_CANTOPEN: 'cannot be opened: expected a file that can be read and written',
  SQLITE_FULL: 'cannot grow, the disk is full: expected free space',
  SQLITE_IOERR: 'cannot be read or written (input/output error): expected a working disk',
  SQLITE_BUSY: 'is locked by another process: expected it to be released',
} as const;

/** One clear line for what SQLite found wrong with the file, after the subject; other errors are thrown as they are. */
export function databaseError(error: unknown, subject = ''): DomainError {
  if (error instanceof DomainError) return error;
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : undefined;
  const known = Object.entries(SQLITE_PROBLEMS).find(([prefix]) => code?.startsWith(prefix));
  if (known !== undefined) return new DomainError('database_invalid', `${subject}${known[1]}`);
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new DomainError('database_invalid', 'its folder does not exist: expected an existing folder');
  }
  throw error;
}

/** The connection as kysely drives it: what happens to the file while it is open is told as when it is opened. */
export function clearDriver(connection: SqliteDatabase.Database): Driver {
  return {
    close: () => connection.close(),
    prepare(sql) {
      // SQLite has rolled back by itself after some errors; to do it again would hide which.
      if (sql === 'rollback' && !connection.inTransaction) return NOTHING_TO_DO;
      const statement = clearly(() => connection.prepare(sql));
      return {
        reader: statement.reader,
        all: (parameters) => clearly(() => statement.all(parameters)),
        run: (parameters) => clearly(() => statement.run(parameters)),
        iterate: (parameters) => statement.iterate(parameters),
      };
    },
  };
}

function clearly<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw databaseError(error, 'the database ');
  }
}

const NOTHING_TO_DO: ReturnType<Driver['prepare']> = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};
