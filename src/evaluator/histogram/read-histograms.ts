import type { DuckDBDataChunk } from '@duckdb/node-api';
import { float64Items } from '../log/chunk-items.ts';
import type { BinnedOrdering, HistogramRows } from './histogram-statement.ts';
import type { UtilityHistogram } from './utility-histogram.ts';

/** The rows of `histogramStatement` as one histogram a selection, for each of the orderings. */
export function readHistograms(
  chunks: readonly DuckDBDataChunk[],
  { labels, weighted }: Pick<HistogramRows, 'labels' | 'weighted'>,
  orderings: readonly BinnedOrdering[],
): readonly (readonly UtilityHistogram[])[] {
  const histograms = orderings.map(({ bins }) =>
    Array.from({ length: labels }, () => ({
      bins,
      positive: new Float64Array(bins.count),
      negative: new Float64Array(bins.count),
      weighted,
    })),
  );
  for (const chunk of chunks) {
    const vector = float64Items(chunk, 0);
    const bin = float64Items(chunk, 1);
    for (let s = 0; s < labels; s++) {
      const first = float64Items(chunk, 2 + 2 * s);
      const positive = float64Items(chunk, 3 + 2 * s);
      for (let i = 0; i < chunk.rowCount; i++) {
        const histogram = histograms[vector[i]!]![s]!;
        histogram.positive[bin[i]!] = positive[i]!;
        // Without weights the first is the count of both classes, and the difference is exact.
        histogram.negative[bin[i]!] = weighted ? first[i]! : first[i]! - positive[i]!;
      }
    }
  }
  return histograms;
}
