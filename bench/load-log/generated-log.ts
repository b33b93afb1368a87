import { DuckDBInstance } from '@duckdb/node-api';

/** The heads of the generated log. */
export const HEADS = ['save', 'click', 'long_click', 'hide'];

/** Rows of a request: as many as a page of results holds. */
const ROWS_PER_REQUEST = 20;

/** One in ten labels is 1, in proportion to the score. */
const POSITIVES_PER_SCORE = 0.2;

/** Writes a log of impressions as Parquet: scores are hashes of the row, which do not compress; labels follow them. */
export async function writeLog(path: string, rows: number, interleaved: boolean): Promise<void> {
  const requests = Math.ceil(rows / ROWS_PER_REQUEST);
  const request = interleaved ? `i * 7919 % ${requests}` : `i // ${ROWS_PER_REQUEST}`;
  const uniform = (column: number): string =>
    `hash(i * ${2 * HEADS.length} + ${column}) / 18446744073709551616.0`;
  const columns = HEADS.flatMap((name, t) => [
    `${uniform(2 * t)} AS score_${name}`,
    `(${uniform(2 * t + 1)} < ${POSITIVES_PER_SCORE} * ${uniform(2 * t)})::TINYINT AS label_${name}`,
  ]);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const select = `SELECT ${request} AS request, ${columns.join(', ')} FROM range(${rows}) v(i)`;
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
