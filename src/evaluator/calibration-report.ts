import { brierScore } from './metrics/brier.ts';
import { logLoss } from './metrics/log-loss.ts';

/** How well probabilities fit the labels, by row weights where there are any; undefined where no row has a label. */
export interface ProbabilityFit {
  readonly mean: number;
  readonly brier: number;
  readonly logLoss: number;
}

/** What the log says about one head, whatever the weights. */
export interface CalibrationReport {
  readonly negativeKeepRate: number;
  readonly rowsWithLabel: number;
  readonly positives: number;
  /** The share of positives among the rows with a label, by weight. */
  readonly baseRate: number | undefined;
  readonly before: ProbabilityFit | undefined;
  readonly after: ProbabilityFit | undefined;
  /** The requests in which the head can be ranked: those that the option `empty` is not about. */
  readonly requestsWithPositive: number;
  /** The requests with a label and no positive: what `empty` skips, or gives a 0 or a 1. */
  readonly requestsWithoutPositive: number;
  /** The requests that grouped AUC is the mean over. */
  readonly requestsWithBothClasses: number;
}

export interface LabelCounts {
  readonly rowsWithLabel: number;
  readonly positives: number;
  readonly requestsWithPositive: number;
  readonly requestsWithoutPositive: number;
  readonly requestsWithBothClasses: number;
}

/** Counts the present labels of one head, and the requests in which it can be ranked. */
export function countLabels(label: Int8Array, requestOffsets: Int32Array): LabelCounts {
  let rowsWithLabel = 0;
  let positives = 0;
  let requestsWithPositive = 0;
  let requestsWithoutPositive = 0;
  let requestsWithBothClasses = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    let ones = 0;
    let zeros = 0;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      if (label[i]! > 0) ones++;
      else if (label[i] === 0) zeros++;
    }
    rowsWithLabel += ones + zeros;
    positives += ones;
    if (ones > 0) requestsWithPositive++;
    else if (zeros > 0) requestsWithoutPositive++;
    if (ones > 0 && zeros > 0) requestsWithBothClasses++;
  }
  return {
    rowsWithLabel,
    positives,
    requestsWithPositive,
    requestsWithoutPositive,
    requestsWithBothClasses,
  };
}

/** Σ w_i y_i / Σ w_i over the rows that have a label; undefined where they weigh nothing. */
export function baseRate(label: Int8Array, weight?: Float64Array): number | undefined {
  let positives = 0;
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (y < 0) continue;
    const w = weight === undefined ? 1 : weight[i]!;
    positives += w * y;
    total += w;
  }
  return total === 0 ? undefined : positives / total;
}

/** The mean, Brier score and log loss of probabilities over the rows that have a label. */
export function fitOfProbabilities(
  probability: Float64Array,
  label: Int8Array,
  weight?: Float64Array,
): ProbabilityFit | undefined {
  const brier = brierScore(probability, label, weight);
  const loss = logLoss(probability, label, weight);
  if (brier === undefined || loss === undefined) return undefined;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    if (label[i]! < 0) continue;
    const w = weight === undefined ? 1 : weight[i]!;
    sum += w * probability[i]!;
    total += w;
  }
  return { mean: sum / total, brier, logLoss: loss };
}
