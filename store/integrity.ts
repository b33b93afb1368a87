import { existsSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { DomainError } from '../src/domain/errors.ts';
import { checkDatabaseFile } from './check-file.ts';
import { databaseErrorAt } from './database-error.ts';

/** What a sound database holds. */
export interface DatabaseContent {
  /** The name of its newest migration. */
  readonly schema: string;
  readonly studies: number;
  readonly trials: number;
}

/** SQLite stops to look for problems after so many. */
const MOST_PROBLEMS = 100;

/**
 * Reads the whole database with SQLite's `integrity_check` and `foreign_key_check`; a service may run on it.
 *
 * Throws `database_invalid` for a file that is missing or not a database of pondera, and for a damaged one.
 */
export function checkIntegrity(file: string): DatabaseContent {
  checkDatabaseFile(file, { mustExist: true });
  let connection: SqliteDatabase.Database | undefined;
  try {
    connection = new SqliteDatabase(file, { fileMustExist: true });
    connection.pragma('query_only = ON');
    const problems = [...unsoundParts(connection), ...orphans(connection)];
    if (problems.length > 0) throw damaged(problems);
    return contentOf(connection);
  } catch (error) {
    throw databaseErrorAt(error, file);
  } finally {
    connection?.close();
  }
}

function unsoundParts(connection: SqliteDatabase.Database): readonly string[] {
  const found = connection.pragma(`integrity_check(${MOST_PROBLEMS})`) as readonly {
    readonly integrity_check: string;
  }[];
  return found.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok');
}

function orphans(connection: SqliteDatabase.Database): readonly string[] {
  const found = connection.pragma('foreign_key_check') as readonly {
    readonly table: string;
    readonly parent: string;
  }[];
  return found.map(({ table, parent }) => `a row of ${table} belongs to none of ${parent}`);
}

function damaged(problems: readonly string[]): DomainError {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const first = problems[0]!.replaceAll(/\s+/g, ' ');
  return new DomainError(
    'database_invalid',
    `is damaged, ${first}${more}: expected an intact database (restore a backup)`,
  );
}

function contentOf(connection: SqliteDatabase.Database): DatabaseContent {
  const one = (sql: string): unknown => connection.prepare(sql).pluck().get();
  if (one("select count(*) from sqlite_schema where name = 'kysely_migration'") === 0) {
    throw new DomainError('database_invalid', 'has no tables of pondera: expected a database of pondera');
  }
  return {
    schema: one('select max(name) from kysely_migration') as string,
    studies: one('select count(*) from studies') as number,
    trials: one('select count(*) from trials') as number,
  };
}

/** The files that SQLite keeps beside a database while it is open, or after a crash. */
const BESIDE = ['-wal', '-shm', '-journal'] as const;

/** The first file beside the database that SQLite would take for a part of it. */
export function fileBeside(file: string): string | undefined {
  return BESIDE.map((suffix) => `${file}${suffix}`).find((each) => existsSync(each));
}
