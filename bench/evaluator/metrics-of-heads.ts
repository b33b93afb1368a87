import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import { HEADS } from './generated-impressions.ts';

/** One kind of metric, as in `ndcg@10{empty=zero}`, of every head of the generated log. */
export function metricsOfHeads(kind: string): readonly LogMetric[] {
  return HEADS.map((head) => {
    const metric = parseLogMetric(`${head}.${kind}`, HEADS);
    if (typeof metric === 'string') throw new RangeError(metric);
    return metric;
  });
}
