import { DomainError } from '../domain/errors.ts';
import type { LogMetric, MetricKindName } from '../domain/metric.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import { averagePrecision } from './metrics/average-precision.ts';
import { brierScore } from './metrics/brier.ts';
import { groupedAuc } from './metrics/grouped-auc.ts';
import { logLoss } from './metrics/log-loss.ts';
import { ndcg } from './metrics/ndcg.ts';
import { rocAuc } from './metrics/roc-auc.ts';
import { rankPooled } from './rank-pooled.ts';
import { rankWithinRequests } from './rank-within-requests.ts';
import type { Ranking } from './ranking.ts';
import { type Ordering, writeUtility } from './utility.ts';

type Scope = 'pooled' | 'within requests' | 'unranked';

interface MetricInput {
  readonly ranking: Ranking;
  readonly requestOffsets: Int32Array;
  readonly head: HeadColumns;
  readonly cutoff: number;
  readonly discounts: Float64Array;
}

interface LogMetricKind {
  /** The ranking that the metric is computed from. */
  readonly scope: Scope;
  /** What a head lacks when the metric is undefined. */
  readonly requires: string;
  readonly compute: (input: MetricInput) => number | undefined;
}

const KINDS: Readonly<Record<MetricKindName, LogMetricKind>> = {
  average_precision: {
    scope: 'pooled',
    requires: 'a positive label',
    compute: ({ ranking, head }) => averagePrecision(ranking, head.label),
  },
  roc_auc: {
    scope: 'pooled',
    requires: 'a positive and a negative label',
    compute: ({ ranking, head }) => rocAuc(ranking, head.label),
  },
  grouped_auc: {
    scope: 'within requests',
    requires: 'a request with a positive and a negative label',
    compute: ({ ranking, requestOffsets, head }) => groupedAuc(ranking, requestOffsets, head.label),
  },
  ndcg: {
    scope: 'within requests',
    requires: 'a request with a positive label',
    compute: ({ ranking, requestOffsets, head, cutoff, discounts }) =>
      ndcg(ranking, requestOffsets, head.label, cutoff, discounts),
  },
  log_loss: {
    scope: 'unranked',
    requires: 'a label',
    compute: ({ head }) => logLoss(head.probability, head.label),
  },
  brier: {
    scope: 'unranked',
    requires: 'a label',
    compute: ({ head }) => brierScore(head.probability, head.label),
  },
};

/**
 * Computes metrics of one ordering of a log: one pooled sort and one sort within requests serve them all.
 *
 * The same arguments give the same bits, in any thread. `scratch` is overwritten and belongs to one thread. Throws
 * `log_invalid` when a metric is undefined on this log (it says what is lacking), a `RangeError` when a metric's head is
 * not in the log or the weights do not fit it.
 */
export function evaluate(
  log: EngagementLog,
  ordering: Ordering,
  metrics: readonly LogMetric[],
  scratch: EvaluationScratch,
): Record<string, number> {
  const { utility, discounts } = scratch;
  const { requestOffsets } = log;
  const values = new Map<string, number>();
  const compute = (scope: Scope, ranking: Ranking): void => {
    for (const metric of metrics) {
      const kind = KINDS[metric.kind];
      if (kind.scope !== scope) continue;
      const cutoff = metric.cutoff ?? Infinity;
      const value = kind.compute({ ranking, requestOffsets, head: headOf(log, metric), cutoff, discounts });
      if (value === undefined) throw undefinedMetric(metric, kind, headOf(log, metric));
      values.set(metric.name, value);
    }
  };
  const wanted = new Set(metrics.map(({ kind }) => KINDS[kind].scope));
  writeUtility(log, ordering, utility);
  if (wanted.has('pooled')) compute('pooled', rankPooled(utility, scratch));
  if (wanted.has('within requests')) {
    compute('within requests', rankWithinRequests(utility, requestOffsets, scratch));
  }
  compute('unranked', { order: scratch.order[0], tied: scratch.tied });
  return Object.fromEntries(metrics.map(({ name }) => [name, values.get(name)!]));
}

function headOf(log: EngagementLog, metric: LogMetric): HeadColumns {
  const head = log.heads.find(({ name }) => name === metric.head);
  if (head === undefined)
    throw new RangeError(`the log has no head "${metric.head}" for metric ${metric.name}`);
  return head;
}

function undefinedMetric({ name }: LogMetric, { requires }: LogMetricKind, head: HeadColumns): DomainError {
  const { positives, rowsWithLabel } = head.calibration;
  return new DomainError(
    'log_invalid',
    `metric ${name} is undefined on this log: head ${head.name} has ${positives} positive and ` +
      `${rowsWithLabel - positives} negative labels: expected ${requires}`,
  );
}
