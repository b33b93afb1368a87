import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type { ThreadedConnection } from './threaded-connection.ts';

/** SQLite's dialect over a connection in a thread of its own. */
export function threadedDialect(connection: ThreadedConnection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => threadedDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * One connection, which transactions and single statements have by turns, in the order in which they asked.
 *
 * A transaction takes the lock to write when it begins: one that read first could not wait for the lock of another process.
 * Those that only read say so (`accessMode`), and wait for nobody.
 */
function threadedDriver(connection: ThreadedConnection): Driver {
  const queries: DatabaseConnection = {
    executeQuery: <Row>(query: CompiledQuery) => run<Row>(connection, query),
    async *streamQuery<Row>(query: CompiledQuery) {
      yield await run<Row>(connection, query);
    },
  };
  const statement = async (sql: string): Promise<void> => {
    await connection.execute(sql);
  };
  let taken = false;
  const turns: (() => void)[] = [];
  return {
    init: async () => {},
    async acquireConnection() {
      if (taken) await new Promise<void>((resolve) => turns.push(resolve));
      taken = true;
      return queries;
    },
    async releaseConnection() {
      // Whoever is next has it at once: nobody may come between.
      const next = turns.shift();
      if (next === undefined) taken = false;
      else next();
    },
    beginTransaction: (_connection, { accessMode }: TransactionSettings) =>
      statement(accessMode === 'read only' ? 'begin' : 'begin immediate'),
    commitTransaction: () => statement('commit'),
    rollbackTransaction: () => statement('rollback'),
    destroy: () => connection.close(),
  };
}

async function run<Row>(
  connection: ThreadedConnection,
  { sql, parameters }: CompiledQuery,
): Promise<QueryResult<Row>> {
  const { rows, changes } = await connection.execute(sql, parameters);
  return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
}
