import type { Head } from '../domain/log.ts';
import { appliedCalibration, calibratedCopy } from './calibrate-head.ts';
import { type CalibrationBias, calibrationBias, matchingKeepRate } from './calibration-bias.ts';
import { fitOfProbabilities, type ProbabilityFit } from './calibration-report.ts';
import { duplicateRows } from './duplicate-rows.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import { type PropensityReport, propensityReport } from './propensity-report.ts';
import {
  calibrationErrorOf,
  quantileEnds,
  type ReliabilityBin,
  reliabilityBy,
  uniformReliability,
} from './reliability.ts';

const BINS = 10;

/** How probabilities of a head fit its labels. */
export interface CalibrationFit extends ProbabilityFit, CalibrationBias {
  readonly ece: { readonly uniform: number; readonly quantile: number };
  readonly reliability: {
    readonly uniform: readonly ReliabilityBin[];
    /** By bins of the score, also after calibration: they hold the same rows. */
    readonly quantile: readonly ReliabilityBin[];
  };
}

/** What a log says about one head. */
export interface HeadReport {
  readonly positives: number;
  readonly negatives: number;
  readonly missing: number;
  readonly baseRate: number | null;
  readonly requestsWithPositive: number;
  readonly score: { readonly lowest: number; readonly mean: number; readonly highest: number };
  /** `none` where scores are left as they are. */
  readonly calibration: 'none' | 'beta' | 'isotonic';
  readonly negativeKeepRate: number;
  /** The β that would give the calibrated scores the base rate as their mean; null where none would. */
  readonly matchingKeepRate: number | null;
  /** Null where rows with a label weigh nothing. */
  readonly before: CalibrationFit | null;
  readonly after: CalibrationFit | null;
}

/** What a log holds, before any weights. */
export interface DataReport {
  readonly rows: number;
  readonly droppedRows: number;
  readonly requests: number;
  readonly requestsWithOneRow: number;
  readonly rowsOfLargestRequest: number;
  readonly duplicates: number;
  /** Null where the study names no column of users. */
  readonly users: number | null;
  readonly times: { readonly first: number; readonly last: number } | null;
  readonly lastPosition: number | null;
  /** Null where the study names no column of display propensities. */
  readonly propensities: PropensityReport | null;
  readonly segments: readonly string[] | null;
  readonly heads: Readonly<Record<string, HeadReport>>;
}

/**
 * Reports on a log whose scores were read as they are. The calibration of `heads` is applied here, to a copy; nothing is fitted
 * to labels of requests that `held` says 1 of.
 */
export function dataReport(
  log: EngagementLog,
  heads: Readonly<Record<string, Head>>,
  held?: Uint8Array,
): DataReport {
  const { rows, droppedRows, requests, requestOffsets, userOfRequest, timestampOfRequest } = log;
  const sizes = requestOffsets.subarray(1).map((end, r) => end - requestOffsets[r]!);
  return {
    rows,
    droppedRows,
    requests,
    requestsWithOneRow: sizes.reduce((count, size) => count + (size === 1 ? 1 : 0), 0),
    rowsOfLargestRequest: largest(sizes),
    duplicates: duplicateRows(log),
    users: userOfRequest === undefined ? null : largest(userOfRequest) + 1,
    times:
      timestampOfRequest === undefined
        ? null
        : {
            first: timestampOfRequest.reduce((least, time) => Math.min(least, time), Infinity),
            last: largest(timestampOfRequest),
          },
    lastPosition: log.position === undefined ? null : largest(log.position),
    propensities: propensityReport(log),
    segments: log.segment?.names ?? null,
    heads: Object.fromEntries(
      log.heads.map((columns) => [columns.name, headReport(log, columns, heads[columns.name]!, held)]),
    ),
  };
}

function headReport(
  log: EngagementLog,
  columns: HeadColumns,
  head: Head,
  held: Uint8Array | undefined,
): HeadReport {
  const { negativeKeepRate } = head;
  const { rows, weight } = log;
  const { probability: score, label, calibration } = columns;
  const { positives, rowsWithLabel, requestsWithPositive } = calibration;
  const ends = quantileEnds(score, label, BINS, weight);
  const before = calibrationFit(log, columns, score, ends);
  const calibrated = before === null ? undefined : calibratedCopy(log, columns, head, held);
  const after = calibrated === undefined ? before : calibrationFit(log, columns, calibrated, ends);
  let lowest = Infinity;
  let highest = -Infinity;
  let sum = 0;
  for (const s of score) {
    lowest = Math.min(lowest, s);
    highest = Math.max(highest, s);
    sum += s;
  }
  return {
    positives,
    negatives: rowsWithLabel - positives,
    missing: rows - rowsWithLabel,
    baseRate: calibration.baseRate ?? null,
    requestsWithPositive,
    score: { lowest, mean: sum / rows, highest },
    calibration: appliedCalibration(head),
    negativeKeepRate,
    matchingKeepRate: positives === 0 ? null : (matchingKeepRate(score, label, weight) ?? null),
    before,
    after,
  };
}

function calibrationFit(
  { requestOffsets, weight }: EngagementLog,
  { probability: score, label }: HeadColumns,
  probability: Float64Array,
  ends: Float64Array,
): CalibrationFit | null {
  const fit = fitOfProbabilities(probability, label, weight);
  const bias = calibrationBias(probability, label, requestOffsets, weight);
  if (fit === undefined || bias === undefined) return null;
  const uniform = uniformReliability(probability, label, BINS, weight);
  const quantile = reliabilityBy(probability, score, label, ends, weight);
  return {
    ...fit,
    ...bias,
    ece: { uniform: calibrationErrorOf(uniform), quantile: calibrationErrorOf(quantile) },
    reliability: { uniform, quantile },
  };
}

function largest(values: Int32Array | Float64Array): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}
