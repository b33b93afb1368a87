import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { metricsOfHeads } from './metrics-of-heads.ts';

/** What a row of four heads takes in memory, and what a worker's scratch adds after pooled metrics of all heads, but for what one partition needs. */
export function bytesPerRow(log: EngagementLog, weights: Float64Array): Figures {
  const scratch = createEvaluationScratch(log);
  evaluate(log, { weights }, metricsOfHeads('average_precision'), scratch);
  return {
    bytes_per_row: rounded(bytesOf(log) / log.rows),
    scratch_bytes_per_row: rounded(
      bytesOf({ ...scratch, pooled: [scratch.pooled.rows, ...scratch.pooled.codes.values()] }) / log.rows,
    ),
  };
}

/** The distinct buffers behind the typed arrays of a record, its selections' labels apart, which are the log's. */
export function bytesOf(record: object): number {
  const buffers = new Set<ArrayBufferLike>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (value instanceof Map) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) if (name !== 'selections') visit(inner);
    }
  };
  visit(record);
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
