import { type LogMetric, parseLogMetric } from '../../../src/domain/metric.ts';
import type { EngagementLog } from '../../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../../src/evaluator/evaluation-scratch.ts';
import { HEADS } from './heads.ts';

/** What the log is asked of each head: how far up its engagements are, as deep as a slate. */
export const OFFLINE_METRIC = 'ndcg@6';

/** A function of weights that gives the log's metric of each head, as `HEADS`. */
export function offlineMetrics(
  log: EngagementLog,
  metric = OFFLINE_METRIC,
): (weights: ArrayLike<number>) => Float64Array {
  const metrics = HEADS.map((head): LogMetric => {
    const parsed = parseLogMetric(`${head}.${metric}`, HEADS);
    if (typeof parsed === 'string') throw new RangeError(parsed);
    return parsed;
  });
  const scratch = createEvaluationScratch(log);
  return (weights) => {
    const values = evaluate(log, { weights: Float64Array.from(weights) }, metrics, scratch);
    return Float64Array.from(metrics, ({ name }) => values[name]!);
  };
}
