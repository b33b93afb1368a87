import type { Ranking } from '../ranking.ts';
import { visitPositiveBlocks } from './positive-blocks.ts';
import type { Resamples } from './resamples.ts';

/**
 * Average precision in every replicate, in one pass over the ranking; NaN where the positives weigh nothing.
 *
 * Arguments as for `averagePrecision`.
 */
export function averagePrecisionReplicates(
  ranking: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  resamples: Resamples,
): Float64Array {
  const { replicates } = resamples;
  const truePositives = new Float64Array(replicates);
  const sum = new Float64Array(replicates);
  visitPositiveBlocks(ranking, label, weight, resamples, ({ above, positives, all }) => {
    for (let b = 0; b < replicates; b++) {
      const inBlock = positives[b]!;
      truePositives[b]! += inBlock;
      // Without a branch, which no processor would foresee: 0 where the replicate has none of the rows.
      sum[b]! += (inBlock * truePositives[b]!) / Math.max(above[b]! + all[b]!, Number.MIN_VALUE);
    }
  });
  return sum.map((each, b) => each / truePositives[b]!);
}
