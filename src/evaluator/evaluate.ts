import type { DomainError } from '../domain/errors.ts';
import type { LogMetric } from '../domain/metric.ts';
import { countLabels } from './calibration-report.ts';
import type { EngagementLog } from './engagement-log.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import { computedMetric, LOG_METRICS, type LogMetricKind, type MetricInput } from './log-metrics.ts';
import { headOf } from './metric-rows.ts';
import type { PassInfluenceScratch } from './pooled/pass-influences.ts';
import { pooledValues } from './pooled/pooled-values.ts';
import { rankPooled } from './rank-pooled.ts';
import type { Ranking } from './ranking.ts';
import type { RequestTerms, Selection } from './selection.ts';
import { alone, type Team } from './team/team.ts';
import { undefinedMetricError } from './undefined-metric.ts';
import type { Ordering } from './utility.ts';

/** Who is told of metrics as they are computed. */
export interface Observer {
  /**
   * Told of each metric within requests while its ranking stands, and of those that do not depend on the ordering once for each
   * scratch. Their `rows` hold the terms of means over requests.
   */
  readonly metric: (input: MetricInput, value: number) => void;
  /** Where given, pooled metrics are told here, with the influence of each unit. */
  readonly pooled?: {
    readonly scratch: PassInfluenceScratch;
    readonly influence: (metric: LogMetric, psi: Float64Array) => void;
  };
}

/**
 * Computes metrics of one ordering of a log: one pooled pass and one sort within requests serve them all.
 *
 * The same arguments give the same bits, in any thread and any team. `scratch` is overwritten and belongs to one log and one
 * evaluation at a time.
 * Throws `log_invalid` when a metric is undefined on this log (it says what is lacking), a `RangeError` when a metric's head
 * is not in the log or the weights do not fit it.
 */
export function evaluate(
  log: EngagementLog,
  ordering: Ordering,
  metrics: readonly LogMetric[],
  scratch: EvaluationScratch,
  observer?: Observer,
  team: Team = alone(log, scratch.pooled),
): Record<string, number> {
  const { utility, constants } = scratch;
  const values = new Map<string, number>();
  const compute = (metric: LogMetric, ranking: () => Ranking): number => {
    const kind = computedMetric(metric);
    const head = headOf(log, metric);
    const selected = kind.rows(log, head, metric, scratch);
    const rows = observer === undefined ? selected : { ...selected, terms: termsIn(scratch, log.requests) };
    const input = { log, metric, head, rows, scratch, ranking };
    const value = kind.compute(input);
    if (value === undefined) throw undefinedMetric(metric, kind, rows);
    observer?.metric(input, value);
    return value;
  };
  team.run('utility', { ordering, utility });
  const found = pooledValues(log, metrics, scratch, team, observer?.pooled?.scratch);
  for (const { metric, rows, value, psi } of found) {
    if (value === undefined) throw undefinedMetric(metric, LOG_METRICS[metric.kind], rows);
    values.set(metric.name, value);
    if (psi !== undefined) observer?.pooled?.influence(metric, psi);
  }
  const inRequests = metrics.filter(({ kind }) => LOG_METRICS[kind].scope === 'within requests');
  if (inRequests.length > 0) {
    const {
      order: [order, spare],
      tied,
    } = scratch;
    team.run('ranking', { utility, order, spare, tied });
    for (const metric of inRequests) {
      values.set(
        metric.name,
        compute(metric, () => ({ order, tied })),
      );
    }
  }
  for (const metric of metrics) {
    if (LOG_METRICS[metric.kind].scope !== 'unranked') continue;
    const value =
      constants.get(metric.name) ?? compute(metric, () => rankByProbability(log, metric, scratch));
    constants.set(metric.name, value);
    values.set(metric.name, value);
  }
  return Object.fromEntries(metrics.map(({ name }) => [name, values.get(name)!]));
}

function termsIn(scratch: EvaluationScratch, requests: number): RequestTerms {
  scratch.terms ??= { value: new Float64Array(requests), weight: new Float64Array(requests) };
  return scratch.terms;
}

function rankByProbability(log: EngagementLog, metric: LogMetric, scratch: EvaluationScratch): Ranking {
  scratch.utility.set(headOf(log, metric).probability);
  return rankPooled(scratch.utility, scratch);
}

function undefinedMetric(
  metric: LogMetric,
  { requires }: LogMetricKind,
  { label, requestOffsets, weight }: Selection,
): DomainError {
  const counts = countLabels(label, requestOffsets);
  return undefinedMetricError(metric, requires, { ...counts, weighted: weight !== undefined });
}
