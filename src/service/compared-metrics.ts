import { type LogMetric, parseLogMetric } from '../domain/metric.ts';

export const POOLED = 'average_precision';
export const WITHIN_REQUESTS = ['grouped_auc', 'ndcg@10'];

/** The metrics by which rankings over the whole log and within requests are compared. */
export function comparedMetrics(heads: readonly string[]): readonly LogMetric[] {
  const names = heads.flatMap((head) => [POOLED, ...WITHIN_REQUESTS].map((kind) => `${head}.${kind}`));
  return names.map((name) => {
    const metric = parseLogMetric(name, heads);
    if (typeof metric === 'string') throw new RangeError(metric);
    return metric;
  });
}
