import type { UtilityBins } from '../../../src/evaluator/histogram/utility-bins.ts';
import type { UtilityHistogram } from '../../../src/evaluator/histogram/utility-histogram.ts';
import type { Ranking } from '../../../src/evaluator/ranking.ts';

export interface BinnedRow {
  readonly utility: number;
  /** 1, 0, or −1 where missing. */
  readonly label: number;
  readonly weight: number;
}

export function binOf({ lowest, scale, count }: UtilityBins, utility: number): number {
  return Math.min(Math.max(Math.floor((utility - lowest) * scale), 0), count - 1);
}

/** The histogram from its definition. */
export function histogramOf(
  rows: readonly BinnedRow[],
  bins: UtilityBins,
  weighted: boolean,
): UtilityHistogram {
  const positive = new Float64Array(bins.count);
  const negative = new Float64Array(bins.count);
  for (const { utility, label, weight } of rows) {
    if (label < 0) continue;
    const bin = binOf(bins, utility);
    (label === 1 ? positive : negative)[bin]! += weighted ? weight : 1;
  }
  return { bins, positive, negative, weighted };
}

/** The rows as the exact metrics take them: ranked, ties marked. */
export function ranked(rows: readonly BinnedRow[]): {
  readonly ranking: Ranking;
  readonly label: Int8Array;
  readonly weight: Float64Array;
} {
  const order = Uint32Array.from(rows.keys()).sort((a, b) => rows[b]!.utility - rows[a]!.utility);
  const tied = Uint8Array.from(order, (row, i) =>
    i > 0 && rows[order[i - 1]!]!.utility === rows[row]!.utility ? 1 : 0,
  );
  return {
    ranking: { order, tied },
    label: Int8Array.from(rows, ({ label }) => label),
    weight: Float64Array.from(rows, ({ weight }) => weight),
  };
}
