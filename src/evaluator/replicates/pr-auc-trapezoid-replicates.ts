import type { Ranking } from '../ranking.ts';
import { visitPositiveBlocks } from './positive-blocks.ts';
import type { Resamples } from './resamples.ts';

/** The trapezoid area under the precision-recall curve in every replicate, as `averagePrecisionReplicates`. */
export function prAucTrapezoidReplicates(
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
      const before = above[b] === 0 ? 1 : truePositives[b]! / above[b]!;
      truePositives[b]! += inBlock;
      const precision = truePositives[b]! / Math.max(above[b]! + all[b]!, Number.MIN_VALUE);
      sum[b]! += (inBlock * (before + precision)) / 2;
    }
  });
  return sum.map((each, b) => each / truePositives[b]!);
}
