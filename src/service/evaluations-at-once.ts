/** Fewer rows are evaluated faster side by side than together. */
export const LARGE_LOG_ROWS = 2 ** 20;

/** How many evaluations of a log a pool runs at the same time: one, shared by all threads, where the log is large. */
export function evaluationsAtOnce(rows: number, workers: number, large = LARGE_LOG_ROWS): number {
  return rows >= large ? 1 : workers;
}
