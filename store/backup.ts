import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { DomainError } from '../src/domain/errors.ts';
import { checkDatabaseFile } from './check-file.ts';
import { databaseErrorAt } from './database-error.ts';
import { checkIntegrity, type DatabaseContent, fileBeside } from './integrity.ts';

/**
 * Copies the database into a new file with SQLite's backup interface: one state of it, also while a service writes.
 *
 * The copy is checked as a whole before it gets its name, and is one file. Throws `database_invalid` where `target` exists,
 * and for a source that is missing, not a database of pondera, or damaged.
 */
export async function backUp(file: string, target: string): Promise<DatabaseContent> {
  checkDatabaseFile(file, { mustExist: true });
  return intoNewFile(target, async (partial) => {
    let connection: SqliteDatabase.Database | undefined;
    try {
      connection = new SqliteDatabase(file, { fileMustExist: true });
      await connection.backup(partial);
    } catch (error) {
      throw databaseErrorAt(error, file);
    } finally {
      connection?.close();
    }
  });
}

/**
 * Makes a database of a backup, after a check of the whole.
 *
 * Throws `database_invalid` where the database exists or something that SQLite would take for a part of it lies there, and
 * for a backup that is missing, not one of pondera, damaged, or open as the database of a service.
 */
export async function restore(backup: string, file: string): Promise<DatabaseContent> {
  checkDatabaseFile(backup, { mustExist: true });
  const open = fileBeside(backup);
  if (open !== undefined) {
    throw new DomainError(
      'database_invalid',
      `is in use or was not closed, ${open} lies beside it: expected a file of "pondera db backup"`,
      { file: backup },
    );
  }
  return intoNewFile(file, async (partial) => copyFileSync(backup, partial, constants.COPYFILE_EXCL));
}

/** The file gets its name when it is whole, checked and on the disk. */
async function intoNewFile(
  target: string,
  write: (partial: string) => Promise<void>,
): Promise<DatabaseContent> {
  checkNew(target);
  const partial = `${target}.${process.pid}.partial`;
  try {
    await write(partial);
    singleFile(partial);
    const content = checkIntegrity(partial);
    checkNew(target);
    flush(partial);
    renameSync(partial, target);
    flush(dirname(target));
    return content;
  } catch (error) {
    throw asOf(target, partial, error);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${partial}${suffix}`, { force: true });
  }
}

function checkNew(target: string): void {
  const there = existsSync(target) ? target : fileBeside(target);
  if (there !== undefined) {
    throw new DomainError('database_invalid', 'exists: expected a new file (move the old one away)', {
      file: there,
    });
  }
  if (!existsSync(dirname(target))) {
    throw new DomainError('database_invalid', 'its folder does not exist: expected an existing folder', {
      file: target,
    });
  }
}

/** Without the mark of WAL a copy can be read from a medium that cannot be written; it is set when it is opened. */
function singleFile(partial: string): void {
  const connection = new SqliteDatabase(partial, { fileMustExist: true });
  try {
    connection.pragma('journal_mode = DELETE');
  } catch (error) {
    throw databaseErrorAt(error, partial);
  } finally {
    connection.close();
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What is wrong with the copy under its later name, and what the disk refuses in one line. */
function asOf(target: string, partial: string, error: unknown): unknown {
  if (error instanceof DomainError) {
    if (error.place.file !== partial) return error;
    return new DomainError(error.code, `the copy ${error.message}`, { file: target });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new DomainError('database_invalid', `cannot be written (${code}): expected a writable place`, {
    file: target,
  });
}
