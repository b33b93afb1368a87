import type { CalibrationFit, DataReport, HeadReport } from './data-report.ts';

/** Something in a log that makes results worth less, and what to do about it. */
export interface DataWarning {
  readonly code: WarningCode;
  /** Undefined where it is about the log as a whole. */
  readonly head?: string;
  readonly text: string;
}

export type WarningCode =
  | 'rows_dropped'
  | 'duplicates'
  | 'requests_with_one_row'
  | 'certain_propensities'
  | 'little_support'
  | 'irregular_places'
  | 'no_positive'
  | 'few_positives'
  | 'labels_missing'
  | 'constant_score'
  | 'already_calibrated'
  | 'keep_rate_contradicts_base_rate'
  | 'not_calibrated'
  | 'miscalibrated_bin';

/** A mean probability is off where it is so many standard errors, and this share of the base rate, from the base rate. */
const STANDARD_ERRORS = 3;
const SHARE_OF_BASE_RATE = 0.1;

/** A bin of ten is off by so many standard errors (one log in 1,500 by chance) and this share of its observed rate. */
const STANDARD_ERRORS_OF_BIN = 4;
const SHARE_OF_BIN = 0.25;

const MOSTLY_MISSING = 0.95;
const FEW_POSITIVES = 100;
const MANY_DUPLICATES = 0.01;
const MANY_SINGLE_ROWS = 0.5;
const LITTLE_SUPPORT = 0.9;

/** The warnings that a report gives rise to, of the log first, then head by head. */
export function dataWarnings(report: DataReport): readonly DataWarning[] {
  return [
    ...logWarnings(report),
    ...propensityWarnings(report),
    ...Object.entries(report.heads).flatMap(([head, headReport]) => [
      ...labelWarnings(head, headReport, report.rows),
      ...calibrationWarnings(head, headReport),
    ]),
  ];
}

function* logWarnings(report: DataReport): Generator<DataWarning> {
  const { rows, droppedRows, requests, requestsWithOneRow, duplicates } = report;
  if (droppedRows > 0) {
    const share = percent(droppedRows / (rows + droppedRows));
    yield {
      code: 'rows_dropped',
      text: `${count(droppedRows)} rows (${share}) lack a score and are left out: find out whether they differ from the others.`,
    };
  }
  if (duplicates > MANY_DUPLICATES * rows) {
    yield {
      code: 'duplicates',
      text: `${count(duplicates)} rows (${percent(duplicates / rows)}) repeat an earlier row of their request: remove them if impressions were logged twice.`,
    };
  }
  if (requestsWithOneRow > MANY_SINGLE_ROWS * requests) {
    yield {
      code: 'requests_with_one_row',
      text: `${percent(requestsWithOneRow / requests)} of the requests have one row, which no weights can reorder: check that the request column is the right one.`,
    };
  }
}

/** What keeps counterfactual metrics from being right, or from being computed at all. */
function* propensityWarnings({ propensities, requests }: DataReport): Generator<DataWarning> {
  if (propensities === null) return;
  const { certain, support, irregularRequests } = propensities;
  if (certain) {
    yield {
      code: 'certain_propensities',
      text: 'every display propensity is 1, so production never showed another ranking: metrics of ips and snips need a log of a randomised one.',
    };
  } else if (support < LITTLE_SUPPORT) {
    yield {
      code: 'little_support',
      text: `by its propensities, production could show about ${percent(support)} of the pairs of a row and a place of its request: metrics of ips and snips are too low for rankings that need the others.`,
    };
  }
  if (irregularRequests !== null && irregularRequests > 0) {
    yield {
      code: 'irregular_places',
      text: `${count(irregularRequests)} of ${count(requests)} requests have other places than 1 to their number of rows, each once: metrics of ips and snips are refused, so number the rows that were shown.`,
    };
  }
}

function* labelWarnings(head: string, report: HeadReport, rows: number): Generator<DataWarning> {
  const { positives, missing, score } = report;
  if (missing > MOSTLY_MISSING * rows) {
    yield {
      code: 'labels_missing',
      head,
      text: `${percent(missing / rows)} of the labels are missing, and its metrics are of the rest alone: write 0 where the engagement could have happened and did not.`,
    };
  }
  if (positives === 0) {
    yield {
      code: 'no_positive',
      head,
      text: 'no label is positive: no ranking metric of this head can be computed.',
    };
  } else if (positives < FEW_POSITIVES) {
    yield {
      code: 'few_positives',
      head,
      text: `${positives} labels are positive: its metrics will be noisy, so take a longer log before they steer a study.`,
    };
  }
  if (score.lowest === score.highest) {
    yield {
      code: 'constant_score',
      head,
      text: `every score is ${digits(score.lowest)}: its weight changes no ranking; check the score column.`,
    };
  }
}

function* calibrationWarnings(head: string, report: HeadReport): Generator<DataWarning> {
  const { before, after, baseRate, calibration, negativeKeepRate, matchingKeepRate } = report;
  if (before === null || after === null || baseRate === null || baseRate === 0) return;
  // Isotonic probabilities have the base rate of what they were fitted to.
  const off = calibration !== 'isotonic' && isOff(after, baseRate);
  const mean = `mean ${digits(after.mean)} against a base rate of ${digits(baseRate)}`;
  const match = matchingKeepRate === null ? undefined : `negativeKeepRate: ${digits(matchingKeepRate)}`;
  if (off && negativeKeepRate < 1 && !isOff(before, baseRate)) {
    yield {
      code: 'already_calibrated',
      head,
      text: `scores look calibrated as they are (mean ${digits(before.mean)} against a base rate of ${digits(baseRate)}), and negativeKeepRate ${negativeKeepRate} takes their mean to ${digits(after.mean)}: leave it out.`,
    };
  } else if (off && negativeKeepRate < 1) {
    const advice =
      match === undefined
        ? 'no negativeKeepRate would fit, so check scores and labels'
        : `${match} would fit`;
    yield {
      code: 'keep_rate_contradicts_base_rate',
      head,
      text: `negativeKeepRate ${negativeKeepRate} contradicts the base rate, calibrated ${mean}: ${advice}.`,
    };
  } else if (off) {
    const advice =
      match === undefined
        ? 'the scores are too low for negatives left out, so calibrate them before use'
        : `if negatives were left out in training, ${match} would fit; else calibrate them before use`;
    yield { code: 'not_calibrated', head, text: `scores look not calibrated, ${mean}: ${advice}.` };
  } else if (calibration !== 'isotonic') {
    yield* binWarning(head, after);
  }
}

function* binWarning(head: string, { reliability }: CalibrationFit): Generator<DataWarning> {
  let worst: { readonly errors: number; readonly text: string } | undefined;
  for (const { meanProbability, observedRate, standardError, rows } of reliability.quantile) {
    if (meanProbability === null || observedRate === null || standardError === null) continue;
    const gap = Math.abs(meanProbability - observedRate);
    const errors = gap / standardError;
    if (errors <= STANDARD_ERRORS_OF_BIN || gap <= SHARE_OF_BIN * observedRate) continue;
    if (worst !== undefined && errors <= worst.errors) continue;
    worst = {
      errors,
      text: `right on average, but ${count(rows)} rows predicted ${digits(meanProbability)} are observed at ${digits(observedRate)}: recalibrate the scores (beta or isotonic) before use.`,
    };
  }
  if (worst !== undefined) yield { code: 'miscalibrated_bin', head, text: worst.text };
}

function isOff({ bias, standardError }: CalibrationFit, baseRate: number): boolean {
  const size = Math.abs(bias);
  return size > STANDARD_ERRORS * standardError && size > SHARE_OF_BASE_RATE * baseRate;
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
