import type { Ranking } from '../ranking.ts';
import type { Resamples } from './resamples.ts';

/** The area under the ROC curve in every replicate, as `averagePrecisionReplicates`; NaN where a class weighs nothing. */
export function rocAucReplicates(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  { units: { ofRow }, replicates, counts }: Resamples,
): Float64Array {
  const positives = new Float64Array(replicates);
  const negatives = new Float64Array(replicates);
  const positivesInBlock = new Float64Array(replicates);
  const negativesInBlock = new Float64Array(replicates);
  const pairs = new Float64Array(replicates);
  for (let i = 0; i < order.length;) {
    const isAlone = i + 1 === order.length || tied[i + 1] === 0;
    do {
      const row = order[i++]!;
      const y = label[row]!;
      if (y < 0) continue;
      const w = weight === undefined ? 1 : weight[row]!;
      const from = ofRow[row]! * replicates;
      if (isAlone && y === 0) {
        for (let b = 0; b < replicates; b++) {
          const drawn = w * counts[from + b]!;
          pairs[b]! += drawn * positives[b]!;
          negatives[b]! += drawn;
        }
      } else {
        const into = y === 0 ? negativesInBlock : isAlone ? positives : positivesInBlock;
        for (let b = 0; b < replicates; b++) into[b]! += w * counts[from + b]!;
      }
    } while (i < order.length && tied[i] === 1);
    if (isAlone) continue;
    for (let b = 0; b < replicates; b++) {
      pairs[b]! += negativesInBlock[b]! * (positives[b]! + positivesInBlock[b]! / 2);
      positives[b]! += positivesInBlock[b]!;
      negatives[b]! += negativesInBlock[b]!;
      positivesInBlock[b] = 0;
      negativesInBlock[b] = 0;
    }
  }
  return pairs.map((each, b) => each / (positives[b]! * negatives[b]!));
}
