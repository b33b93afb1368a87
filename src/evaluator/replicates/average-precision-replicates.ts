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
      if (inBlock === 0) continue;
      truePositives[b]! += inBlock;
      sum[b]! += (inBlock * truePositives[b]!) / (above[b]! + all[b]!);
    }
  });
  return sum.map((each, b) => each / truePositives[b]!);
}
