import { METRIC_KINDS, parseLogMetric } from '../domain/metric.ts';
import type { MetricOptions } from '../domain/metric-option.ts';
import { metricCoverages } from '../service/metric-coverages.ts';
import type { SweepResult } from '../service/sweep.ts';

const DONE: Readonly<Record<MetricOptions['empty'], string>> = {
  skip: 'skipped',
  zero: 'counted as 0',
  one: 'counted as 1',
};

/** What becomes of requests without a positive, for each metric that is asked for such a rule; undefined where there are none. */
export function formatEmptyRequests(result: SweepResult): string | undefined {
  const heads = Object.keys(result.definition.heads ?? {});
  const parts = Object.entries(metricCoverages(result)).flatMap(([name, coverage]) => {
    const metric = parseLogMetric(name, heads);
    const { requests, requestsWithoutPositive } = coverage;
    if (typeof metric === 'string' || requests === undefined || !requestsWithoutPositive) return [];
    const options: readonly string[] = METRIC_KINDS[metric.kind].options;
    if (!options.includes('empty')) return [];
    const count = requestsWithoutPositive.toLocaleString('en');
    return [`${name} ${count} of ${requests.toLocaleString('en')}, ${DONE[metric.options.empty]}`];
  });
  return parts.length === 0 ? undefined : `Requests without a positive: ${parts.join('; ')}.`;
}
