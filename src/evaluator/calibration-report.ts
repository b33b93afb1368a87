import { brierScore } from './metrics/brier.ts';
import { logLoss } from './metrics/log-loss.ts';

/** How well probabilities fit the labels; undefined where no row has a label. */
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
  /** Positives among the rows with a label. */
  readonly baseRate: number | undefined;
  readonly before: ProbabilityFit | undefined;
  readonly after: ProbabilityFit | undefined;
  /** The requests that NDCG is the mean over. */
  readonly requestsWithPositive: number;
  /** The requests that grouped AUC is the mean over. */
  readonly requestsWithBothClasses: number;
}

export interface LabelCounts {
  readonly rowsWithLabel: number;
  readonly positives: number;
  readonly requestsWithPositive: number;
  readonly requestsWithBothClasses: number;
}

/** Counts the present labels of one head, and the requests in which it can be ranked. */
export function countLabels(label: Int8Array, requestOffsets: Int32Array): LabelCounts {
  let rowsWithLabel = 0;
  let positives = 0;
  let requestsWithPositive = 0;
  let requestsWithBothClasses = 0;
  for (let r = 0; r + 1 < requestOffsets.length; r++) {
    let ones = 0;
    let zeros = 0;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      if (label[i] === 1) ones++;
      else if (label[i] === 0) zeros++;
    }
    rowsWithLabel += ones + zeros;
    positives += ones;
    if (ones > 0) requestsWithPositive++;
    if (ones > 0 && zeros > 0) requestsWithBothClasses++;
  }
  return { rowsWithLabel, positives, requestsWithPositive, requestsWithBothClasses };
}

/** The mean, Brier score and log loss of probabilities over the rows that have a label. */
export function fitOfProbabilities(probability: Float64Array, label: Int8Array): ProbabilityFit | undefined {
  const brier = brierScore(probability, label);
  const loss = logLoss(probability, label);
  if (brier === undefined || loss === undefined) return undefined;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < label.length; i++) {
    if (label[i]! < 0) continue;
    sum += probability[i]!;
    count++;
  }
  return { mean: sum / count, brier, logLoss: loss };
}
