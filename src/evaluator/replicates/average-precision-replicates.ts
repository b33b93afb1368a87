import type { Ranking } from '../ranking.ts';
import type { Resamples } from './resamples.ts';

/**
 * Average precision in every replicate, in one pass over the ranking: each row adds its weight times its unit's counts to all
 * replicates at once. NaN where the positives weigh nothing.
 *
 * Arguments as for `averagePrecision`.
 */
export function averagePrecisionReplicates(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  { units: { ofRow }, replicates, counts }: Resamples,
): Float64Array {
  const predicted = new Float64Array(replicates);
  const inBlock = new Float64Array(replicates);
  const truePositives = new Float64Array(replicates);
  const sum = new Float64Array(replicates);
  let hasPositive = false;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const y = label[row]!;
    if (y >= 0) {
      const w = weight === undefined ? 1 : weight[row]!;
      const from = ofRow[row]! * replicates;
      if (y === 1) {
        hasPositive = true;
        for (let b = 0; b < replicates; b++) inBlock[b]! += w * counts[from + b]!;
      }
      for (let b = 0; b < replicates; b++) predicted[b]! += w * counts[from + b]!;
    }
    if (!hasPositive || (i + 1 < order.length && tied[i + 1] === 1)) continue;
    hasPositive = false;
    for (let b = 0; b < replicates; b++) {
      const positives = inBlock[b]!;
      if (positives === 0) continue;
      inBlock[b] = 0;
      truePositives[b]! += positives;
      sum[b]! += (positives * truePositives[b]!) / predicted[b]!;
    }
  }
  return sum.map((each, b) => each / truePositives[b]!);
}
