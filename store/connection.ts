import { setTimeout } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { DomainError } from '../src/domain/errors.ts';
import { databaseError } from './database-error.ts';
import { APPLICATION_ID, NOT_OURS } from './sqlite-problems.ts';

const CLAIM_RETRY_MS = 50;

/** Statements that are kept prepared: more than there are queries, fewer than lists of other lengths could fill memory with. */
const MOST_PREPARED = 200;

/** What a statement answers: its rows, or how many it changed. */
export interface StatementAnswer {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

/** A connection to the file, which runs one statement after another in the thread that made it. */
export interface Connection {
  /** Throws `database_invalid` for what is wrong with the file. */
  execute(sql: string, parameters: readonly unknown[]): StatementAnswer;
  close(): void;
}

/**
 * Opens the file, marks a new one as ours, and sets what every connection needs; foreign keys are not enforced yet, since a
 * migration may rebuild tables.
 *
 * WAL with `synchronous = FULL`: what was acknowledged survives the process and the machine. Throws `database_invalid`.
 */
export async function connect(file: string, busyTimeoutMs: number): Promise<Connection> {
  let database: SqliteDatabase.Database | undefined;
  try {
    database = new SqliteDatabase(file, { timeout: busyTimeoutMs });
    await claimInTurn(database, busyTimeoutMs);
    return connection(database);
  } catch (error) {
    database?.close();
    throw databaseError(error);
  }
}

function connection(database: SqliteDatabase.Database): Connection {
  const prepared = new Map<string, SqliteDatabase.Statement>();
  const prepare = (sql: string): SqliteDatabase.Statement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    if (prepared.size === MOST_PREPARED) prepared.delete(prepared.keys().next().value!);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    execute(sql, parameters) {
      // SQLite has rolled back by itself after some errors; to do it again would hide which.
      if (sql === 'rollback' && !database.inTransaction) return { rows: [], changes: 0 };
      try {
        const statement = prepare(sql);
        if (statement.reader) return { rows: statement.all(parameters), changes: 0 };
        return { rows: [], changes: statement.run(parameters).changes };
      } catch (error) {
        throw databaseError(error, 'the database ');
      }
    },
    close: () => database.close(),
  };
}

/** SQLite's own time-out does not cover the change to WAL, at which two first openings can meet. */
async function claimInTurn(database: SqliteDatabase.Database, busyTimeoutMs: number): Promise<void> {
  for (let waited = 0; ; waited += CLAIM_RETRY_MS) {
    try {
      claim(database);
      return;
    } catch (error) {
      const busy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || waited >= busyTimeoutMs) throw error;
      await setTimeout(CLAIM_RETRY_MS);
    }
  }
}

function claim(database: SqliteDatabase.Database): void {
  // In this order: whoever makes the tables at this moment has marked the file before.
  const tables = database.prepare('select count(*) as tables from sqlite_schema').pluck().get();
  const applicationId = database.pragma('application_id', { simple: true });
  if (applicationId !== APPLICATION_ID) {
    if (applicationId !== 0 || tables !== 0) throw new DomainError('database_invalid', NOT_OURS);
    database.pragma(`application_id = ${APPLICATION_ID}`);
  }
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = OFF');
}
