import { ESTIMATE_BY, matchedPlaces } from '../counterfactual/matched-places.ts';
import { computedMetric, type MetricInput, type Sampling } from '../log-metrics.ts';
import { counterfactualReplicates } from './counterfactual-replicates.ts';
import { requestMeanReplicates, rowMeanReplicates } from './ratio-replicates.ts';
import type { Resamples } from './resamples.ts';

/** The value of a metric in every replicate; NaN where the replicate leaves it undefined. */
export type Replicates = (input: MetricInput, resamples: Resamples) => Float64Array;

/** Of all metrics but pooled ones (`pooledReplicates`). */
export function replicatesOf(sampling: Sampling): Replicates {
  switch (sampling.of) {
    case 'request mean':
      return ({ rows: { terms } }, resamples) => {
        if (terms === undefined)
          throw new RangeError('the mean over requests was computed without its terms');
        return requestMeanReplicates(terms, resamples);
      };
    case 'place estimate':
      return (input, resamples) =>
        counterfactualReplicates(
          input.rows,
          matchedPlaces(input),
          ESTIMATE_BY[sampling.estimator],
          resamples,
        );
    case 'sample size':
      return (input, { replicates }) =>
        new Float64Array(replicates).fill(computedMetric(input.metric).compute(input) ?? NaN);
    case 'row mean':
      return ({ head: { probability }, rows: { label, weight } }, resamples) =>
        rowMeanReplicates(probability, label, weight, sampling.loss, resamples);
    case 'calibration bins':
      return recomputed;
  }
}

/** Computes the metric anew with the weights of each replicate. */
function recomputed(input: MetricInput, { units, replicates, counts }: Resamples): Float64Array {
  const { rows, metric } = input;
  const { compute } = computedMetric(metric);
  const weight = new Float64Array(rows.label.length);
  return Float64Array.from({ length: replicates }, (_, b) => {
    for (let row = 0; row < weight.length; row++) {
      weight[row] = (rows.weight?.[row] ?? 1) * counts[units.ofRow[row]! * replicates + b]!;
    }
    return compute({ ...input, rows: { ...rows, weight } }) ?? NaN;
  });
}
