import type { LogMetric } from '../../domain/metric.ts';
import type { Observation } from '../../domain/trial.ts';
import { LOG_METRICS } from '../log-metrics.ts';
import { undefinedMetricError } from '../undefined-metric.ts';
import type { BinnedLog } from './binned-log.ts';
import { BOUNDS_BY_KIND } from './bounds-by-kind.ts';
import { placeOf } from './row-selections.ts';
import { LOSS_SQL } from './summary-statement.ts';
import type { UtilityHistogram } from './utility-histogram.ts';

/** Whether a metric can be had from a log in the histogram form: within bounds, or, where no ranking moves it, exactly. */
export function isBinnable({ kind }: Pick<LogMetric, 'kind'>): boolean {
  return BOUNDS_BY_KIND[kind] !== undefined || LOSS_SQL[kind] !== undefined;
}

/**
 * Metrics of one ordering of a log from its histograms, one a selection of the log: each at its centre, with its bounds.
 *
 * Throws `log_invalid` as `checkDefined` does.
 */
export function boundedMetrics(
  log: Pick<BinnedLog, 'weighted' | 'selections' | 'constants'>,
  metrics: readonly LogMetric[],
  histograms: readonly UtilityHistogram[],
): Record<string, Observation> {
  checkDefined(log, metrics);
  return Object.fromEntries(
    metrics.map((metric) => {
      const bounds = BOUNDS_BY_KIND[metric.kind]?.(histograms[placeOf(log.selections, metric)]!);
      if (bounds === undefined) return [metric.name, { mean: log.constants.get(metric.name)!, sem: null }];
      const { lower, centre, upper } = bounds;
      return [metric.name, { mean: centre, sem: null, bounds: { lower, upper } }];
    }),
  );
}

/** Throws `log_invalid` where a metric is undefined on the log, whatever the weights. */
export function checkDefined(
  { weighted, selections, constants }: Pick<BinnedLog, 'weighted' | 'selections' | 'constants'>,
  metrics: readonly LogMetric[],
): void {
  for (const metric of metrics) {
    const sums = selections[placeOf(selections, metric)]!;
    const { rows, positives, positiveWeight, negativeWeight } = sums;
    const defined = {
      pooled: positiveWeight > 0 && (metric.kind !== 'roc_auc' || negativeWeight > 0),
      unranked: constants.has(metric.name),
      'within requests': false,
    };
    const { scope, requires } = LOG_METRICS[metric.kind];
    if (defined[scope]) continue;
    throw undefinedMetricError(metric, requires, { positives, rowsWithLabel: rows, weighted });
  }
}
