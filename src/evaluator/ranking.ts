/** Rows from the highest score to the lowest: pooled over a log, or request after request. */
export interface Ranking {
  /** order[i] is the row at place i. */
  readonly order: Uint32Array;
  /** 1 where the row at place i has the same score as the one at place i − 1. */
  readonly tied: Uint8Array;
}
