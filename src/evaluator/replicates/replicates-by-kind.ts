import type { Estimator } from '../../domain/counterfactual-metric.ts';
import type { MetricKindName } from '../../domain/metric.ts';
import { ESTIMATE_BY, matchedPlaces } from '../counterfactual/matched-places.ts';
import { LOG_METRICS, type MetricInput } from '../log-metrics.ts';
import type { CurveKind } from '../pooled/curve-sums.ts';
import { squaredError } from '../metrics/brier.ts';
import { negativeLogLikelihood } from '../metrics/log-loss.ts';
import { counterfactualReplicates } from './counterfactual-replicates.ts';
import { requestMeanReplicates, rowMeanReplicates } from './ratio-replicates.ts';
import type { Resamples } from './resamples.ts';

/** The value of a metric in every replicate; NaN where the replicate leaves it undefined. */
export type Replicates = (input: MetricInput, resamples: Resamples) => Float64Array;

const ofRequests: Replicates = ({ rows: { terms } }, resamples) => {
  if (terms === undefined) throw new RangeError('the mean over requests was computed without its terms');
  return requestMeanReplicates(terms, resamples);
};

const ofPlaces =
  (estimator: Estimator): Replicates =>
  (input, resamples) =>
    counterfactualReplicates(input.rows, matchedPlaces(input), ESTIMATE_BY[estimator], resamples);

/** The size of this very sample, whatever would have been drawn. */
const ofSample: Replicates = (input, { replicates }) => {
  const value = LOG_METRICS[input.metric.kind].compute(input) ?? NaN;
  return new Float64Array(replicates).fill(value);
};

/** Of all metrics but pooled ones (`pooledReplicates`). */
export const REPLICATES: Readonly<Record<Exclude<MetricKindName, CurveKind>, Replicates>> = {
  grouped_auc: ofRequests,
  ndcg: ofRequests,
  dcg: ofRequests,
  map: ofRequests,
  mrr: ofRequests,
  precision: ofRequests,
  recall: ofRequests,
  hit: ofRequests,
  engagement: ofRequests,
  expected_engagement: ofRequests,
  'ips.engagement': ofPlaces('ips'),
  'ips.dcg': ofPlaces('ips'),
  'ips.ess': ofSample,
  'snips.engagement': ofPlaces('snips'),
  'snips.dcg': ofPlaces('snips'),
  'snips.ess': ofSample,
  log_loss: ({ head: { probability }, rows: { label, weight } }, resamples) =>
    rowMeanReplicates(probability, label, weight, negativeLogLikelihood, resamples),
  brier: ({ head: { probability }, rows: { label, weight } }, resamples) =>
    rowMeanReplicates(probability, label, weight, squaredError, resamples),
  ece: recomputed,
};

/** Computes the metric anew with the weights of each replicate. */
function recomputed(input: MetricInput, { units, replicates, counts }: Resamples): Float64Array {
  const { rows, metric } = input;
  const { compute } = LOG_METRICS[metric.kind];
  const weight = new Float64Array(rows.label.length);
  return Float64Array.from({ length: replicates }, (_, b) => {
    for (let row = 0; row < weight.length; row++) {
      weight[row] = (rows.weight?.[row] ?? 1) * counts[units.ofRow[row]! * replicates + b]!;
    }
    return compute({ ...input, rows: { ...rows, weight } }) ?? NaN;
  });
}
