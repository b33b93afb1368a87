import type { CalibrationReport } from './calibration-report.ts';

/** A label that the log does not have: neither an engagement nor the lack of one. */
export const MISSING_LABEL = -1;

/** The segment of each row. */
export interface SegmentColumn {
  readonly names: readonly string[];
  /** The place in `names`, or −1 where the log says nothing. */
  readonly code: Int8Array<SharedArrayBuffer>;
}

/** One head of a log, rows in the order of `EngagementLog`. */
export interface HeadColumns {
  readonly name: string;
  readonly sign: 1 | -1;
  /** Calibrated; the raw score is not kept, its summary stands in `calibration`. */
  readonly probability: Float64Array<SharedArrayBuffer>;
  /** 1, 0 or `MISSING_LABEL`; 1 for every grade above 0. */
  readonly label: Int8Array<SharedArrayBuffer>;
  /** 0, 1, 2, … or `MISSING_LABEL`, where labels are grades; undefined where they are 0 and 1. */
  readonly grade: Int8Array<SharedArrayBuffer> | undefined;
  readonly calibration: CalibrationReport;
}

/**
 * Logged engagement in memory: plain records of typed arrays over shared memory, so a worker thread receives
 * it without a copy. 9 bytes a row and head, one more where it has grades, 8 a row for each of baseline score, weight,
 * examination and display propensity that is read, 4 for the position, 1 for the segment; 4 a request, 4 more for its user
 * and 8 for its time.
 */
export interface EngagementLog {
  readonly rows: number;
  readonly requests: number;
  /** Rows left out because a score was null, under the policy `drop`. */
  readonly droppedRows: number;
  /** Request r holds the rows from `requestOffsets[r]` up to, not including, `requestOffsets[r + 1]`. */
  readonly requestOffsets: Int32Array<SharedArrayBuffer>;
  readonly heads: readonly HeadColumns[];
  readonly baselineScore: Float64Array<SharedArrayBuffer> | undefined;
  /** Undefined where every row weighs 1. */
  readonly weight: Float64Array<SharedArrayBuffer> | undefined;
  /** P(examined | logged place), above 0. */
  readonly examination: Float64Array<SharedArrayBuffer> | undefined;
  /** P(shown where it was), above 0. */
  readonly displayPropensity: Float64Array<SharedArrayBuffer> | undefined;
  /** The place at which each row was shown, from 1. */
  readonly position: Int32Array<SharedArrayBuffer> | undefined;
  /** The number of each request's user, from 0 in the order in which they first appear. */
  readonly userOfRequest: Int32Array<SharedArrayBuffer> | undefined;
  /** The earliest time of each request: as the log has it where it is a number, else in seconds since 1970, UTC. */
  readonly timestampOfRequest: Float64Array<SharedArrayBuffer> | undefined;
  /** P(examined | place) from place 1, as the study gives it. */
  readonly examinationCurve: readonly number[] | undefined;
  readonly segment: SegmentColumn | undefined;
}
