import { isBinned } from '../evaluator/histogram/binned-log.ts';
import { placeOf } from '../evaluator/histogram/row-selections.ts';
import { type MetricCoverage, metricCoverage } from '../evaluator/metric-coverage.ts';
import type { LogMetric } from '../domain/metric.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';
import type { SweepResult } from './sweep.ts';

export type { MetricCoverage } from '../evaluator/metric-coverage.ts';

export type Coverage = Pick<MetricCoverage, 'rows' | 'positives'> & Partial<MetricCoverage>;

/** What each metric of a sweep is computed from, by name; of requests nothing where the log is in the histogram form. */
export function metricCoverages({
  definition,
  log,
}: Pick<SweepResult, 'definition' | 'log'>): Readonly<Record<string, Coverage>> {
  const coverage = (metric: LogMetric): Coverage => {
    if (!isBinned(log)) return metricCoverage(log, metric);
    const { rows, positives } = log.selections[placeOf(log.selections, metric)]!;
    return { rows, positives };
  };
  return Object.fromEntries(
    evaluatedMetrics(definition, log).map((metric) => [metric.name, coverage(metric)]),
  );
}
