import {
  type CumulativeExamination,
  cumulativeCurve,
  cumulativeDiscounts,
  everyPlace,
} from './examination-curve.ts';
import { createPooledScratch, type PooledScratch } from './pooled/pooled-scratch.ts';
import type { RequestTerms, Selection } from './selection.ts';

/** The digits of a 64-bit key: two words of 11 + 11 + 10 bits. */
export const DIGIT_BITS = 11;
export const DIGITS = 6;

/**
 * What one thread needs to evaluate one log, allocated once: 33 bytes a row, and two for every eight heads
 * or segments with pooled metrics. Every evaluation overwrites the arrays, and
 * keeps what it found that depends on the log alone.
 */
export interface EvaluationScratch {
  readonly utility: Float64Array;
  readonly keyLow: readonly [Uint32Array, Uint32Array];
  readonly keyHigh: readonly [Uint32Array, Uint32Array];
  readonly order: readonly [Uint32Array, Uint32Array];
  readonly tied: Uint8Array;
  readonly digitCounts: Uint32Array;
  /** Of pooled metrics that need no ranking; it shares the memory of keys and order. */
  readonly pooled: PooledScratch;
  readonly examination: Readonly<Record<'one' | 'log2' | 'curve', CumulativeExamination>>;
  /** By head and segment. */
  readonly selections: Map<string, Selection>;
  /** Gains of rows or ideal gains of requests, by metric. */
  readonly gains: Map<string, Float64Array>;
  /** Metrics that do not depend on the ordering. */
  readonly constants: Map<string, number>;
  /** What a mean over requests is made of; allocated where standard errors are asked for. */
  terms: RequestTerms | undefined;
}

export function createEvaluationScratch(log: {
  readonly rows: number;
  readonly requestOffsets: Int32Array;
  readonly examinationCurve?: readonly number[] | undefined;
}): EvaluationScratch {
  const pair = (): [Uint32Array, Uint32Array] => {
    const words = new ArrayBuffer(8 * log.rows);
    return [new Uint32Array(words, 0, log.rows), new Uint32Array(words, 4 * log.rows)];
  };
  const [keyLow, keyHigh, order] = [pair(), pair(), pair()];
  const longest = longestRequest(log.requestOffsets);
  return {
    utility: new Float64Array(log.rows),
    keyLow,
    keyHigh,
    order,
    pooled: createPooledScratch(keyLow[0].buffer, keyHigh[0].buffer, order[0].buffer),
    tied: new Uint8Array(log.rows),
    digitCounts: new Uint32Array(DIGITS << DIGIT_BITS),
    examination: {
      one: everyPlace(longest),
      log2: cumulativeDiscounts(longest),
      curve: cumulativeCurve(log.examinationCurve ?? [], longest),
    },
    selections: new Map(),
    gains: new Map(),
    constants: new Map(),
    terms: undefined,
  };
}

function longestRequest(requestOffsets: Int32Array): number {
  let longest = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    longest = Math.max(longest, requestOffsets[r + 1]! - requestOffsets[r]!);
  }
  return longest;
}
