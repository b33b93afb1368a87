import type { Ranking } from '../ranking.ts';
import { visitPositiveBlocks } from './positive-blocks.ts';
import type { Resamples } from './resamples.ts';

/**
 * The area under the ROC curve in every replicate, as `averagePrecisionReplicates`; NaN where a class weighs nothing.
 *
 * AUC = 1 − Σ_b p_b (negatives above block b + half of those in it)/(W₁ W₀)
 */
export function rocAucReplicates(
  ranking: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  resamples: Resamples,
): Float64Array {
  const { replicates } = resamples;
  const truePositives = new Float64Array(replicates);
  const misordered = new Float64Array(replicates);
  const total = visitPositiveBlocks(ranking, label, weight, resamples, ({ above, positives, all }) => {
    for (let b = 0; b < replicates; b++) {
      const inBlock = positives[b]!;
      misordered[b]! += inBlock * (above[b]! - truePositives[b]! + (all[b]! - inBlock) / 2);
      truePositives[b]! += inBlock;
    }
  });
  return misordered.map((pairs, b) => 1 - pairs / (truePositives[b]! * (total[b]! - truePositives[b]!)));
}
