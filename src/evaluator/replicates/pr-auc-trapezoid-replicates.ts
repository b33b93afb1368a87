import type { Ranking } from '../ranking.ts';
import type { Resamples } from './resamples.ts';

/** The trapezoid area under the precision-recall curve in every replicate, as `averagePrecisionReplicates`. */
export function prAucTrapezoidReplicates(
  { order, tied }: Ranking,
  label: Int8Array,
  weight: Float64Array | undefined,
  { units: { ofRow }, replicates, counts }: Resamples,
): Float64Array {
  const predicted = new Float64Array(replicates);
  const positivesInBlock = new Float64Array(replicates);
  const inBlock = new Float64Array(replicates);
  const truePositives = new Float64Array(replicates);
  const sum = new Float64Array(replicates);
  let hasPositive = false;
  let isTied = false;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const y = label[row]!;
    const goesOn = i + 1 < order.length && tied[i + 1] === 1;
    if (y >= 0) {
      const w = weight === undefined ? 1 : weight[row]!;
      const from = ofRow[row]! * replicates;
      // A negative alone in its block needs no precision of its own.
      const into = y === 0 && !isTied && !goesOn ? predicted : inBlock;
      for (let b = 0; b < replicates; b++) into[b]! += w * counts[from + b]!;
      if (y === 1) {
        hasPositive = true;
        for (let b = 0; b < replicates; b++) positivesInBlock[b]! += w * counts[from + b]!;
      }
    }
    isTied = goesOn;
    if (goesOn) continue;
    if (hasPositive) {
      for (let b = 0; b < replicates; b++) {
        const positives = positivesInBlock[b]!;
        if (positives === 0) continue;
        positivesInBlock[b] = 0;
        const before = predicted[b] === 0 ? 1 : truePositives[b]! / predicted[b]!;
        truePositives[b]! += positives;
        sum[b]! += (positives * (before + truePositives[b]! / (predicted[b]! + inBlock[b]!))) / 2;
      }
      hasPositive = false;
    }
    for (let b = 0; b < replicates; b++) {
      predicted[b]! += inBlock[b]!;
      inBlock[b] = 0;
    }
  }
  return sum.map((each, b) => each / truePositives[b]!);
}
