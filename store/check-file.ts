import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../src/domain/errors.ts';
import { APPLICATION_ID, NOT_OURS, SQLITE_PROBLEMS } from './sqlite-problems.ts';

/** The first bytes of an SQLite file, and where the application's mark stands. Source: sqlite.org/fileformat.html, 1.3. */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const APPLICATION_ID_OFFSET = 68;

/**
 * Looks whether a file can serve as the trial history, and changes nothing: `openStore` would mark and migrate it, and
 * any connection of SQLite leaves files beside it.
 *
 * Throws `database_invalid` for a missing folder, a file that is not an SQLite database or is another program's, and one
 * that this user may not write; with `mustExist` also for one that is not there or has no content yet.
 */
export function checkDatabaseFile(file: string, { mustExist = false } = {}): void {
  const found = (mustExist ? missingProblem(file) : undefined) ?? problemOf(file);
  if (found !== undefined) throw new DomainError('database_invalid', found, { file });
}

function missingProblem(file: string): string | undefined {
  const found = !existsSync(file) ? 'does not exist' : statSync(file).size === 0 ? 'is empty' : undefined;
  return found && `${found}: expected a database of pondera`;
}

function problemOf(file: string): string | undefined {
  if (!existsSync(file)) {
    if (file === '' || existsSync(dirname(file))) return undefined;
    return 'its folder does not exist: expected an existing folder';
  }
  const { size } = statSync(file);
  if (statSync(file).isDirectory()) return SQLITE_PROBLEMS.SQLITE_CANTOPEN;
  if (!isAllowed(file, constants.R_OK)) return SQLITE_PROBLEMS.SQLITE_CANTOPEN;
  if (size > 0) {
    const header = headerOf(file);
    if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return SQLITE_PROBLEMS.SQLITE_NOTADB;
    const applicationId = header.readUInt32BE(APPLICATION_ID_OFFSET);
    if (applicationId !== 0 && applicationId !== APPLICATION_ID) return NOT_OURS;
  }
  return isAllowed(file, constants.W_OK) ? undefined : SQLITE_PROBLEMS.SQLITE_READONLY;
}

function headerOf(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(descriptor);
  }
  return header;
}

function isAllowed(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
