import type { Estimator } from '../domain/counterfactual-metric.ts';
import type { LogMetric, MetricKindName } from '../domain/metric.ts';
import { ESTIMATE_BY, matchedPlaces } from './counterfactual/matched-places.ts';
import { sampleSize, smallestSampleSize } from './counterfactual/sample-size.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import type { EvaluationScratch } from './evaluation-scratch.ts';
import { brierScore, squaredError } from './metrics/brier.ts';
import { meanTopGain } from './metrics/engagement.ts';
import { quantileCalibrationError, uniformCalibrationError } from './metrics/expected-calibration-error.ts';
import { groupedAuc } from './metrics/grouped-auc.ts';
import { hitRate } from './metrics/hit-rate.ts';
import { logLoss, negativeLogLikelihood } from './metrics/log-loss.ts';
import { meanAveragePrecision } from './metrics/mean-average-precision.ts';
import { idealGains, ndcg } from './metrics/ndcg.ts';
import { precision } from './metrics/precision.ts';
import { recall } from './metrics/recall.ts';
import { meanReciprocalRank } from './metrics/reciprocal-rank.ts';
import { gradedRowsOf, type KeptSelections, rowsOf, shownRowsOf } from './metric-rows.ts';
import type { CurveKind } from './pooled/curve-sums.ts';
import type { Ranking } from './ranking.ts';
import { GAINS, keptGains, rowGains } from './row-gains.ts';
import type { Selection } from './selection.ts';

export interface MetricInput {
  readonly log: EngagementLog;
  readonly metric: LogMetric;
  readonly head: HeadColumns;
  readonly rows: Selection;
  readonly scratch: EvaluationScratch;
  /** Within requests, or by the head's probability for a metric that does not depend on the ordering. */
  readonly ranking: () => Ranking;
}

/** What a metric is of its rows, which its influences and replicates follow from. */
export type Sampling =
  | { readonly of: 'request mean' }
  | { readonly of: 'place estimate'; readonly estimator: Estimator }
  /** The size of this very sample: it has no sampling error. */
  | { readonly of: 'sample size' }
  | { readonly of: 'row mean'; readonly loss: (probability: number, label: number) => number }
  /** Not smooth in the weights of rows. */
  | { readonly of: 'calibration bins' };

interface MetricRows {
  /** What a head lacks when the metric is undefined. */
  readonly requires: string;
  readonly rows: (
    log: EngagementLog,
    head: HeadColumns,
    metric: LogMetric,
    scratch: KeptSelections,
  ) => Selection;
}

/** A curve over all rows, whose values, influences and replicates are in `CURVE_SUMS` and its like. */
interface CurveMetric extends MetricRows {
  readonly scope: 'pooled';
}

interface ComputedMetric extends MetricRows {
  readonly scope: 'within requests' | 'unranked';
  readonly sampling: Sampling;
  readonly compute: (input: MetricInput) => number | undefined;
}

export type LogMetricKind = CurveMetric | ComputedMetric;

const POOLED = { scope: 'pooled', requires: 'a positive label', rows: rowsOf } as const;
const IN_REQUESTS = {
  scope: 'within requests',
  requires: 'a request with a positive label',
  rows: rowsOf,
  sampling: { of: 'request mean' },
} as const;
const COUNTERFACTUAL = {
  scope: 'within requests',
  requires: 'some label at each of the first places',
  rows: rowsOf,
} as const;
const UNRANKED = { scope: 'unranked', requires: 'a label', rows: rowsOf } as const;

export const LOG_METRICS: Readonly<
  Record<CurveKind, CurveMetric> & Record<Exclude<MetricKindName, CurveKind>, ComputedMetric>
> = {
  average_precision: POOLED,
  pr_auc_trapezoid: POOLED,
  roc_auc: { ...POOLED, requires: 'a positive and a negative label' },
  grouped_auc: {
    ...IN_REQUESTS,
    requires: 'a request with a positive and a negative label',
    compute: ({ ranking, rows, metric }) => groupedAuc(ranking(), rows, metric.options.weights),
  },
  ndcg: {
    ...IN_REQUESTS,
    rows: gradedRowsOf,
    compute: ({ ranking, rows, metric, scratch }) => {
      const { gain, ties, empty } = metric.options;
      const options = { cutoff: cutoffOf(metric), discounts: scratch.examination.log2, gains: GAINS[gain] };
      const ideal = keptGains(scratch, metric, () => idealGains(rows, options));
      return ndcg(ranking(), rows, ideal, { ...options, ties, empty });
    },
  },
  dcg: {
    ...IN_REQUESTS,
    requires: 'a label',
    rows: gradedRowsOf,
    compute: (input) => observedGain(input, 'log2'),
  },
  map: {
    ...IN_REQUESTS,
    compute: ({ ranking, rows, metric }) =>
      meanAveragePrecision(ranking(), rows, cutoffOf(metric), metric.options.empty),
  },
  mrr: {
    ...IN_REQUESTS,
    compute: ({ ranking, rows, metric }) =>
      meanReciprocalRank(ranking(), rows, cutoffOf(metric), metric.options.empty),
  },
  precision: {
    ...IN_REQUESTS,
    compute: ({ ranking, rows, metric, scratch }) =>
      precision(ranking(), rows, cutoffOf(metric), scratch.examination.one, metric.options.empty),
  },
  recall: {
    ...IN_REQUESTS,
    compute: ({ ranking, rows, metric, scratch }) =>
      recall(ranking(), rows, cutoffOf(metric), scratch.examination.one, metric.options.empty),
  },
  hit: {
    ...IN_REQUESTS,
    compute: ({ ranking, rows, metric }) => hitRate(ranking(), rows, cutoffOf(metric), metric.options.empty),
  },
  engagement: { ...IN_REQUESTS, requires: 'a label', compute: (input) => observedGain(input, 'one') },
  expected_engagement: {
    ...IN_REQUESTS,
    requires: 'a row that weighs something',
    rows: (log, _, metric, scratch) => shownRowsOf(log, metric, scratch),
    compute: ({ ranking, rows, head, metric, scratch }) => {
      const examination = scratch.examination[metric.options.examination];
      return meanTopGain(ranking(), rows, head.probability, cutoffOf(metric), examination);
    },
  },
  'ips.engagement': { ...COUNTERFACTUAL, ...estimate('ips') },
  'ips.dcg': { ...COUNTERFACTUAL, rows: gradedRowsOf, ...estimate('ips') },
  'ips.ess': {
    ...COUNTERFACTUAL,
    sampling: { of: 'sample size' },
    compute: (input) => sampleSize(matchedPlaces(input).sums),
  },
  'snips.engagement': { ...COUNTERFACTUAL, ...estimate('snips') },
  'snips.dcg': { ...COUNTERFACTUAL, rows: gradedRowsOf, ...estimate('snips') },
  'snips.ess': {
    ...COUNTERFACTUAL,
    sampling: { of: 'sample size' },
    compute: (input) => smallestSampleSize(matchedPlaces(input).sums),
  },
  log_loss: {
    ...UNRANKED,
    sampling: { of: 'row mean', loss: negativeLogLikelihood },
    compute: ({ head, rows: { label, weight } }) => logLoss(head.probability, label, weight),
  },
  brier: {
    ...UNRANKED,
    sampling: { of: 'row mean', loss: squaredError },
    compute: ({ head, rows: { label, weight } }) => brierScore(head.probability, label, weight),
  },
  ece: {
    ...UNRANKED,
    sampling: { of: 'calibration bins' },
    compute: ({ head: { probability }, rows: { label, weight }, metric, ranking }) => {
      const { bins, binning } = metric.options;
      return binning === 'uniform'
        ? uniformCalibrationError(probability, label, bins, weight)
        : quantileCalibrationError(ranking(), probability, label, bins, weight);
    },
  },
};

function cutoffOf({ cutoff }: LogMetric): number {
  return cutoff ?? Infinity;
}

/** The labels in the first places, discounted, and debiased where the metric says so. */
function observedGain(
  { log, ranking, rows, metric, scratch }: MetricInput,
  discount: 'one' | 'log2',
): number | undefined {
  const gain = rowGains(log, rows, metric, scratch);
  return meanTopGain(ranking(), rows, gain, cutoffOf(metric), scratch.examination[discount]);
}

function estimate(estimator: Estimator): Pick<ComputedMetric, 'sampling' | 'compute'> {
  return {
    sampling: { of: 'place estimate', estimator },
    compute: (input) => {
      const { sums, discounts } = matchedPlaces(input);
      return ESTIMATE_BY[estimator](sums, discounts)?.value;
    },
  };
}

/** How a metric that is no curve is computed. Throws RangeError for a curve. */
export function computedMetric({ name, kind }: LogMetric): ComputedMetric {
  const found: LogMetricKind = LOG_METRICS[kind];
  if (found.scope === 'pooled') throw new RangeError(`${name} is found by a pooled pass`);
  return found;
}
