import type { EngagementLog } from './engagement-log.ts';
import { evaluate } from './evaluate.ts';
import type { MeasuredMetrics } from './evaluate-with-errors.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import { computedMetric, LOG_METRICS } from './log-metrics.ts';
import { pooledReplicates } from './replicates/pooled-replicates.ts';
import { replicatesOf } from './replicates/replicates-of.ts';
import type { Resamples } from './replicates/resamples.ts';
import type { Ordering } from './utility.ts';

/**
 * The Poisson bootstrap of metrics of one ordering: the value of each in every replicate, where all row weights of unit u are
 * multiplied by the number of times that it was drawn; NaN where the replicate leaves the metric undefined.
 *
 * With the same `resamples`, replicates of two orderings are pairs (common random numbers). The ranking is made once, as
 * weights do not move it. Errors as of `evaluate`.
 *
 * Source: Chamandy et al. 2012, Estimating uncertainty for massive data streams; Owen and Eckles 2012, arXiv:1106.2125.
 */
export function bootstrap(
  log: EngagementLog,
  ordering: Ordering,
  { metrics, combinations }: MeasuredMetrics,
  resamples: Resamples,
  scratch: EvaluationScratch,
): Readonly<Record<string, Float64Array>> {
  const found: Record<string, Float64Array> = {};
  for (const { name, kind } of metrics) {
    if (LOG_METRICS[kind].scope === 'unranked') scratch.constants.delete(name);
  }
  evaluate(log, ordering, metrics, scratch, {
    metric: (input) => {
      const { sampling } = computedMetric(input.metric);
      found[input.metric.name] = replicatesOf(sampling)(input, resamples);
    },
  });
  Object.assign(found, pooledReplicates(log, ordering, metrics, resamples, scratch));
  for (const { name, terms, constant } of combinations) {
    found[name] = Float64Array.from({ length: resamples.replicates }, (_, b) =>
      terms.reduce((sum, { part, coefficient }) => sum + coefficient * found[part]![b]!, constant),
    );
  }
  return found;
}
