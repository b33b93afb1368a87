import { quantileEnds } from './reliability.ts';

/** One bin of a reliability diagram. */
export interface DiagramBin {
  /** Probabilities in (lower, upper], of the first bin also its lower end. */
  readonly lower: number;
  readonly upper: number;
  /** Rows with a label that weigh something. */
  readonly rows: number;
  /** By row weights. */
  readonly meanPredicted: number;
  readonly observed: number;
  /** Wilson's interval of the observed share at 95 %, at the rows' effective number (Σw)²/Σw². */
  readonly low: number;
  readonly high: number;
}

export interface ReliabilityDiagram {
  readonly binning: 'uniform' | 'quantile';
  /** Those that hold a row, from low probabilities to high. */
  readonly bins: readonly DiagramBin[];
  /** Rows, with a label or without, by uniform bins of [0, 1]: where the probabilities lie. */
  readonly histogram: readonly number[];
  /** The same by bins of equal width of log₁₀ p, from 1e-6 to 1, closed above; rows below that are in none. */
  readonly logHistogram: readonly number[];
}

export interface DiagramOptions {
  readonly bins: number;
  readonly binning: 'uniform' | 'quantile';
  readonly histogramBins: number;
}

export const LOG_DECADES = 6;
export const LOG_BINS_PER_DECADE = 20;

/** Φ⁻¹(0.975). */
const Z = 1.959963984540054;

/**
 * Predicted against observed, bin by bin, and where the predictions lie.
 *
 * Uniform bins split [0, 1] evenly, quantile bins the weight of rows with a label (`quantileEnds`), equal probabilities
 * together: there may then be fewer. `probability` n in [0, 1]; `label` n in {0, 1}, negative where missing; `weight` n ≥ 0, 1 by default.
 *
 * Throws RangeError on numbers of bins that are not whole and above 0.
 * Source: DeGroot and Fienberg 1983, The Statistician 32:12–22; Wilson 1927, JASA 22:209–212.
 */
export function reliabilityDiagram(
  probability: Float64Array,
  label: Int8Array,
  { bins, binning, histogramBins }: DiagramOptions,
  weight?: Float64Array,
): ReliabilityDiagram {
  for (const count of [bins, histogramBins]) {
    if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`${count} bins`);
  }
  const uppers = binning === 'uniform' ? uniformEnds(bins) : quantileEnds(probability, label, bins, weight);
  const sums = Array.from(uppers, () => ({ rows: 0, total: 0, squares: 0, predicted: 0, positive: 0 }));
  for (let i = 0; i < label.length; i++) {
    const w = weight === undefined ? 1 : weight[i]!;
    if (label[i]! < 0 || w === 0) continue;
    const sum = sums[firstAtLeast(uppers, probability[i]!)]!;
    sum.rows++;
    sum.total += w;
    sum.squares += w * w;
    sum.predicted += w * probability[i]!;
    sum.positive += w * label[i]!;
  }
  const histogram = Array.from({ length: histogramBins }, () => 0);
  const ends = uniformEnds(histogramBins);
  for (const p of probability) histogram[firstAtLeast(ends, p)]!++;
  return {
    binning,
    bins: sums.flatMap(({ rows, total, squares, predicted, positive }, b): readonly DiagramBin[] => {
      if (rows === 0) return [];
      const observed = positive / total;
      const [low, high] = wilson(observed, (total * total) / squares);
      const lower = b === 0 ? 0 : uppers[b - 1]!;
      return [{ lower, upper: uppers[b]!, rows, meanPredicted: predicted / total, observed, low, high }];
    }),
    histogram,
    logHistogram: logHistogram(probability),
  };
}

function logHistogram(probability: Float64Array): readonly number[] {
  const bins = Array.from({ length: LOG_DECADES * LOG_BINS_PER_DECADE }, () => 0);
  for (const p of probability) {
    const bin = Math.ceil((Math.log10(p) + LOG_DECADES) * LOG_BINS_PER_DECADE) - 1;
    if (bin >= 0) bins[bin]!++;
  }
  return bins;
}

function uniformEnds(bins: number): ArrayLike<number> {
  return Array.from({ length: bins }, (_, b) => (b + 1) / bins);
}

/** The first bin whose upper end is at least p; the last takes what is above all. */
function firstAtLeast(uppers: ArrayLike<number>, p: number): number {
  let low = 0;
  let high = uppers.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (uppers[middle]! >= p) high = middle;
    else low = middle + 1;
  }
  return low;
}

function wilson(share: number, n: number): readonly [number, number] {
  const shrink = 1 + (Z * Z) / n;
  const center = (share + (Z * Z) / (2 * n)) / shrink;
  const half = (Z / shrink) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return [Math.max(0, center - half), Math.min(1, center + half)];
}
