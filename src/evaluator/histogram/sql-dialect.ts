/** What a histogram's statement says otherwise in one engine than in another; all else is plain SQL. */
export interface SqlDialect {
  /** A number as a literal of double precision. */
  readonly double: (value: number) => string;
  readonly toDouble: (sql: string) => string;
  /** The number between these two that is nearest. */
  readonly clamp: (sql: string, least: number, most: number) => string;
}

/** DuckDB takes a number without an exponent for a decimal, of which sums and products are other ones. */
const doubleOfDuckDb = (value: number): string => `${value.toExponential()}::DOUBLE`;

export const DUCKDB: SqlDialect = {
  double: doubleOfDuckDb,
  toDouble: (sql) => `CAST(${sql} AS DOUBLE)`,
  clamp: (sql, least, most) => `least(greatest(${sql}, ${doubleOfDuckDb(least)}), ${doubleOfDuckDb(most)})`,
};
