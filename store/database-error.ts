import SqliteDatabase from 'better-sqlite3';
import { DomainError } from '../src/domain/errors.ts';
import { SQLITE_PROBLEMS } from './sqlite-problems.ts';

/** One clear line for what SQLite found wrong with the file, after the subject; other errors are returned as they are. */
export function databaseError(error: unknown, subject = ''): unknown {
  if (error instanceof DomainError) return error;
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : undefined;
  const known = Object.entries(SQLITE_PROBLEMS).find(([prefix]) => code?.startsWith(prefix));
  // Of a schema format that is none, SQLite says so without a code of its own.
  if (code === 'SQLITE_ERROR' && (error as Error).message === 'unsupported file format')
    return new DomainError('database_invalid', `${subject}${SQLITE_PROBLEMS.SQLITE_CORRUPT}`);
  if (known !== undefined) return new DomainError('database_invalid', `${subject}${known[1]}`);
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new DomainError('database_invalid', 'its folder does not exist: expected an existing folder');
  }
  return error;
}

/** The same, with the file that it was found in. */
export function databaseErrorAt(error: unknown, file: string): unknown {
  const found = databaseError(error);
  return found instanceof DomainError ? found.at({ file }) : found;
}
