import { DuckDBInstance } from '@duckdb/node-api';

/** Base rates, about. */
export const RATES = { click: 0.1, save: 0.05, long_click: 0.02, hide: 0.005 };

const ROWS_PER_REQUEST = 20;
const HIGHEST = 0.95;

const uniform = (column: number): string => `((hash(i * 16 + ${column}) + 1.0) / 18446744073709551617.0)`;

/** Writes a log as Parquet whose labels are drawn by its scores, which share an appeal: all are hashes of the row. */
export async function writeCalibratedLog(path: string, rows: number): Promise<void> {
  const scores = Object.entries(RATES).map(
    ([name, rate], t) =>
      `least(${rate} * sqrt(ln(${uniform(0)}) * ln(${uniform(1 + 2 * t)})) / 0.785, ${HIGHEST}) AS score_${name}`,
  );
  const labels = Object.keys(RATES).map(
    (name, t) => `CAST(${uniform(2 + 2 * t)} < score_${name} AS TINYINT) AS label_${name}`,
  );
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT *, ${labels.join(', ')} FROM (SELECT i, i // ${ROWS_PER_REQUEST} AS request, ${scores.join(', ')} ` +
      `FROM range(${rows}) v(i))) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}
