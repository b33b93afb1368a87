import type { Estimator } from '../../domain/counterfactual-metric.ts';
import type { MetricKindName } from '../../domain/metric.ts';
import type { MetricInput } from '../log-metrics.ts';
import { squaredError } from '../metrics/brier.ts';
import { negativeLogLikelihood } from '../metrics/log-loss.ts';
import type { CurveKind } from '../pooled/curve-sums.ts';
import type { Units } from '../units.ts';
import { ESTIMATE_BY, matchedPlaces } from '../counterfactual/matched-places.ts';
import { counterfactualInfluence } from './counterfactual-influence.ts';
import { requestMeanInfluence } from './request-mean-influence.ts';
import { rowMeanInfluence } from './row-mean-influence.ts';

/**
 * Writes the influence of each unit on a metric: ψ_u = ∂m/∂c_u where all row weights of unit u are multiplied by c_u = 1.
 *
 * Σ_u ψ_u = 0, as a metric does not change with all weights. The unit bootstrap's variance of a smooth metric is Σ ψ_u² to
 * first order, the covariance of two metrics Σ ψ_u ψ'_u. `value` the metric's; `psi` one a unit, overwritten.
 *
 * Source: Hampel 1974; Efron 1982, ch. 6 (the infinitesimal jackknife).
 */
export type Influence = (input: MetricInput, value: number, units: Units, psi: Float64Array) => void;

const ofRequests: Influence = ({ rows: { terms } }, value, { ofRequest }, psi) => {
  if (terms === undefined) throw new RangeError('the mean over requests was computed without its terms');
  requestMeanInfluence(terms, value, ofRequest, psi);
};

const ofPlaces =
  (estimator: Estimator): Influence =>
  (input, _, { ofRequest }, psi) => {
    const matched = matchedPlaces(input);
    const estimate = ESTIMATE_BY[estimator](matched.sums, matched.discounts)!;
    counterfactualInfluence(input.rows, matched, estimate.slopes, ofRequest, psi);
  };

/** The size of this very sample: it has no sampling error. */
const ofSample: Influence = (_input, _value, _units, psi) => {
  psi.fill(0);
};

/**
 * Of metrics that are no curves, whose influences a pooled pass finds (`CURVE_INFLUENCES`). Undefined where a metric is not smooth
 * in the weights: the bootstrap alone has its standard error.
 */
export const INFLUENCES: Readonly<Record<Exclude<MetricKindName, CurveKind>, Influence | undefined>> = {
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
  log_loss: ({ head: { probability }, rows: { label, weight } }, value, { ofRow }, psi) =>
    rowMeanInfluence(probability, label, weight, negativeLogLikelihood, value, ofRow, psi),
  brier: ({ head: { probability }, rows: { label, weight } }, value, { ofRow }, psi) =>
    rowMeanInfluence(probability, label, weight, squaredError, value, ofRow, psi),
  ece: undefined,
};
