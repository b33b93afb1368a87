import {
  type CumulativeExamination,
  cumulativeCurve,
  cumulativeDiscounts,
  everyPlace,
} from './examination-curve.ts';
import { createPooledScratch, type PooledScratch } from './pooled/pooled-scratch.ts';
import type { RequestTerms, Selection } from './selection.ts';

/**
 * What evaluating one log needs, allocated once, in shared memory so that threads can share an evaluation: 29 bytes a row, and two more for every eight heads
 * or segments with pooled metrics. Every evaluation overwrites the arrays, and keeps what it found that depends on the log alone.
 */
export interface EvaluationScratch {
  readonly utility: Float64Array;
  /** The order of a ranking, and room to make it. */
  readonly order: readonly [Uint32Array, Uint32Array];
  readonly tied: Uint8Array;
  /** Rows in partitions; weights there share the memory of `order`. */
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
  /** Importance weights of rows; allocated where counterfactual metrics are asked for. */
  matchWeights: Float64Array | undefined;
}

export function createEvaluationScratch(log: {
  readonly rows: number;
  readonly requestOffsets: Int32Array;
  readonly examinationCurve?: readonly number[] | undefined;
}): EvaluationScratch {
  const order = new SharedArrayBuffer(8 * log.rows);
  const longest = longestRequest(log.requestOffsets);
  return {
    utility: new Float64Array(new SharedArrayBuffer(8 * log.rows)),
    order: [new Uint32Array(order, 0, log.rows), new Uint32Array(order, 4 * log.rows)],
    pooled: createPooledScratch(
      new SharedArrayBuffer(8 * log.rows),
      new SharedArrayBuffer(4 * log.rows),
      order,
    ),
    tied: new Uint8Array(new SharedArrayBuffer(log.rows)),
    examination: {
      one: everyPlace(longest),
      log2: cumulativeDiscounts(longest),
      curve: cumulativeCurve(log.examinationCurve ?? [], longest),
    },
    selections: new Map(),
    gains: new Map(),
    constants: new Map(),
    terms: undefined,
    matchWeights: undefined,
  };
}

function longestRequest(requestOffsets: Int32Array): number {
  let longest = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    longest = Math.max(longest, requestOffsets[r + 1]! - requestOffsets[r]!);
  }
  return longest;
}
