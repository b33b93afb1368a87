import { ESTIMATE_BY, matchedPlaces } from '../counterfactual/matched-places.ts';
import type { MetricInput, Sampling } from '../log-metrics.ts';
import type { Units } from '../units.ts';
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

/**
 * Of metrics that are no curves, whose influences a pooled pass finds (`CURVE_INFLUENCES`). Undefined where a metric is not smooth
 * in the weights: the bootstrap alone has its standard error.
 */
export function influenceOf(sampling: Sampling): Influence | undefined {
  switch (sampling.of) {
    case 'request mean':
      return ({ rows: { terms } }, value, { ofRequest }, psi) => {
        if (terms === undefined)
          throw new RangeError('the mean over requests was computed without its terms');
        requestMeanInfluence(terms, value, ofRequest, psi);
      };
    case 'place estimate':
      return (input, _, { ofRequest }, psi) => {
        const matched = matchedPlaces(input);
        const { slopes } = ESTIMATE_BY[sampling.estimator](matched.sums, matched.discounts)!;
        counterfactualInfluence(input.rows, matched, slopes, ofRequest, psi);
      };
    case 'sample size':
      return (_input, _value, _units, psi) => {
        psi.fill(0);
      };
    case 'row mean':
      return ({ head: { probability }, rows: { label, weight } }, value, { ofRow }, psi) =>
        rowMeanInfluence(probability, label, weight, sampling.loss, value, ofRow, psi);
    case 'calibration bins':
      return undefined;
  }
}
