import type { RequestTerms } from '../selection.ts';
import type { Resamples } from './resamples.ts';

/**
 * A mean over requests in every replicate, from the terms that were found once: Σ_u c_u S_u / Σ_u c_u W_u with S_u, W_u the
 * sums of w_r v_r and of w_r over the requests of unit u. NaN where no request that is drawn weighs anything.
 */
export function requestMeanReplicates({ value, weight }: RequestTerms, resamples: Resamples): Float64Array {
  const { count, ofRequest } = resamples.units;
  const sums = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let r = 0; r < value.length; r++) {
    if (weight[r] === 0) continue;
    sums[ofRequest[r]!]! += weight[r]! * value[r]!;
    weights[ofRequest[r]!]! += weight[r]!;
  }
  return ratioReplicates(sums, weights, resamples);
}

/** A mean over the rows that have a label in every replicate, `lossOf` the probability and the label. */
export function rowMeanReplicates(
  probability: Float64Array,
  label: Int8Array,
  weight: Float64Array | undefined,
  lossOf: (probability: number, label: number) => number,
  resamples: Resamples,
): Float64Array {
  const { count, ofRow } = resamples.units;
  const sums = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let row = 0; row < label.length; row++) {
    const y = label[row]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[row]!;
    sums[ofRow[row]!]! += w * lossOf(probability[row]!, y);
    weights[ofRow[row]!]! += w;
  }
  return ratioReplicates(sums, weights, resamples);
}

function ratioReplicates(
  sums: Float64Array,
  weights: Float64Array,
  { replicates, counts }: Resamples,
): Float64Array {
  const sum = new Float64Array(replicates);
  const total = new Float64Array(replicates);
  for (let u = 0; u < sums.length; u++) {
    const from = u * replicates;
    for (let b = 0; b < replicates; b++) {
      sum[b]! += counts[from + b]! * sums[u]!;
      total[b]! += counts[from + b]! * weights[u]!;
    }
  }
  return sum.map((each, b) => each / total[b]!);
}
