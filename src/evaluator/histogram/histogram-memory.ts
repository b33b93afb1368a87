import { DomainError } from '../../domain/errors.ts';
import { memoryText } from '../log/memory-budget.ts';

/** What Node, the worker threads and their models take beside DuckDB: measured, and rounded up. */
const OWN_BYTES = 250e6;

/** With less, DuckDB has no room for a row group of each thread and the counts. */
const LEAST_DUCKDB_BYTES = 150e6;

/** A bin of one weight vector with the sums of a selection: in a hash table, in its copy for each thread, and as a result. */
const BYTES_PER_SUM = 64;

/** The share of DuckDB's memory that counts may take; rows on their way take the rest. */
const SHARE_OF_COUNTS = 0.25;

/** More vectors in one scan save less than their counts cost in cache misses. */
const MOST_VECTORS = 32;

/** Bytes that DuckDB may take of all that the process may. Throws `log_unreadable` where nothing is left to it. */
export function duckDbMemory(budget: number): number {
  const bytes = budget - OWN_BYTES;
  if (bytes >= LEAST_DUCKDB_BYTES) return bytes;
  const least = ((OWN_BYTES + LEAST_DUCKDB_BYTES) / 1e9).toFixed(1);
  throw new DomainError(
    'log_unreadable',
    `the histogram form takes at least ${least} GB of memory, and ${memoryText(budget)} are allowed: ` +
      'expected more memory (--memory)',
  );
}

/** How many weight vectors a scan serves within the memory of DuckDB. */
export function orderingsAtOnce(memoryBytes: number, bins: number, selections: number): number {
  const each = bins * (1 + selections) * BYTES_PER_SUM;
  return Math.min(MOST_VECTORS, Math.max(1, Math.floor((SHARE_OF_COUNTS * memoryBytes) / each)));
}

/** What DuckDB says where the log does not fit, in one line. */
export function outOfMemoryError(error: unknown, budget: number, file: string): DomainError | undefined {
  if (!(error instanceof Error) || !/out of memory/i.test(error.message)) return undefined;
  return new DomainError(
    'log_unreadable',
    `scanning it takes more than the ${memoryText(budget)} of memory that are allowed: expected more memory ` +
      '(--memory), or smaller row groups in Parquet files',
    { file },
  );
}
