import type { DuckDBConnection } from '@duckdb/node-api';
import { DomainError } from '../../domain/errors.ts';
import { readError } from '../log/duckdb-error.ts';
import { refuseLongLines } from '../log/line-lengths.ts';
import type { LogFile } from '../log/log-file.ts';
import { numberSql } from '../log/log-statement.ts';
import { openLogTable } from '../log/log-table.ts';
import { refuseBadRow } from './bad-user-row.ts';
import { findUserColumns, metricColumns, type NumberColumn, USERS } from './user-columns.ts';
import type { UserReadoutRequest } from './user-readout-request.ts';

/**
 * Reads all files into one table in memory, in their order; numbers that are empty and may be are 0 there.
 *
 * Throws `readout_invalid` for the first value of a file that is not what it should be. Returns how many empty numbers were taken
 * for 0.
 */
export async function createUserTable(
  connection: DuckDBConnection,
  files: readonly LogFile[],
  request: UserReadoutRequest,
): Promise<number> {
  const { names } = metricColumns(request);
  const numbers = names.map((_, i) => `n${i} DOUBLE`).join(', ');
  await connection.run(`CREATE TABLE ${USERS} (arm VARCHAR, unit VARCHAR${comma(numbers)})`);
  let before = 0;
  let zeros = 0;
  for (const file of files) {
    const wanted = [request.arm, ...(request.unit === undefined ? [] : [request.unit]), ...names];
    const table = await openLogTable(connection, file, wanted);
    const columns = findUserColumns(table, names, request);
    await refuseLongLines(connection, table);
    const selected = [
      `CAST(${columns.arm.column.sql} AS VARCHAR)`,
      columns.unit === undefined ? 'NULL' : `CAST(${columns.unit.column.sql} AS VARCHAR)`,
      ...columns.numbers.map(numberSqlOf),
    ];
    try {
      await connection.run(`INSERT INTO ${USERS} SELECT ${selected.join(', ')} FROM ${table.sql}`);
    } catch (error) {
      throw error instanceof DomainError ? error : await readError(error, file);
    }
    zeros += await refuseBadRow(connection, table, columns, before, request);
    const rows = await connection.runAndReadAll(`SELECT count(*) FROM ${USERS}`);
    before = Number(rows.getRows()[0]![0]);
  }
  return zeros;
}

function numberSqlOf({ column, purpose }: NumberColumn): string {
  return numberSql({ role: 'weight', purpose, column });
}

function comma(text: string): string {
  return text === '' ? '' : `, ${text}`;
}
