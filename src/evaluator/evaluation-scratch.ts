import { cumulativeDiscounts } from './metrics/ndcg.ts';

/** The digits of a 64-bit key: two words of 11 + 11 + 10 bits. */
export const DIGIT_BITS = 11;
export const DIGITS = 6;

/**
 * What one thread needs to evaluate a log, allocated once: 33 bytes a row. Every evaluation overwrites it.
 */
export interface EvaluationScratch {
  readonly utility: Float64Array;
  readonly keyLow: readonly [Uint32Array, Uint32Array];
  readonly keyHigh: readonly [Uint32Array, Uint32Array];
  readonly order: readonly [Uint32Array, Uint32Array];
  readonly tied: Uint8Array;
  readonly digitCounts: Uint32Array;
  readonly discounts: Float64Array;
}

export function createEvaluationScratch(log: {
  readonly rows: number;
  readonly requestOffsets: Int32Array;
}): EvaluationScratch {
  const pair = (): [Uint32Array, Uint32Array] => [new Uint32Array(log.rows), new Uint32Array(log.rows)];
  return {
    utility: new Float64Array(log.rows),
    keyLow: pair(),
    keyHigh: pair(),
    order: pair(),
    tied: new Uint8Array(log.rows),
    digitCounts: new Uint32Array(DIGITS << DIGIT_BITS),
    discounts: cumulativeDiscounts(longestRequest(log.requestOffsets)),
  };
}

function longestRequest(requestOffsets: Int32Array): number {
  let longest = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    longest = Math.max(longest, requestOffsets[r + 1]! - requestOffsets[r]!);
  }
  return longest;
}
