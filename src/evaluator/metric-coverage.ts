import type { LogMetric } from '../domain/metric.ts';
import type { EngagementLog } from './engagement-log.ts';
import { LOG_METRICS } from './log-metrics.ts';
import { headOf } from './metric-rows.ts';
import type { Selection } from './selection.ts';

/** What a metric is computed from. */
export interface MetricCoverage {
  /** Rows that count: of the metric's segment, with a label of its head. */
  readonly rows: number;
  readonly positives: number;
  /** Requests with such a row. */
  readonly requests: number;
  /** Those without a positive: what the option `empty` skips, or gives a 0 or a 1. */
  readonly requestsWithoutPositive: number;
}

/** Counts what a metric is computed from. Throws `log_invalid` for a segment that the log does not have. */
export function metricCoverage(log: EngagementLog, metric: LogMetric): MetricCoverage {
  const selections = new Map<string, Selection>();
  const { counted, positives } = LOG_METRICS[metric.kind].rows(log, headOf(log, metric), metric, {
    selections,
  });
  return {
    rows: sum(counted),
    positives: sum(positives),
    requests: counted.filter((count) => count > 0).length,
    requestsWithoutPositive: counted.filter((count, r) => count > 0 && positives[r] === 0).length,
  };
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
