import { type MetricCoverage, metricCoverage } from '../evaluator/metric-coverage.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';
import type { SweepResult } from './sweep.ts';

export type { MetricCoverage } from '../evaluator/metric-coverage.ts';

/** What each metric of a sweep is computed from, by name. */
export function metricCoverages({
  definition,
  log,
}: Pick<SweepResult, 'definition' | 'log'>): Readonly<Record<string, MetricCoverage>> {
  const metrics = evaluatedMetrics(definition, log);
  return Object.fromEntries(metrics.map((metric) => [metric.name, metricCoverage(log, metric)]));
}
