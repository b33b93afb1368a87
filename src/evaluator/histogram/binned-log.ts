import type { LogSource } from '../../domain/log.ts';
import type { LogMetric } from '../../domain/metric.ts';
import type { ColumnNames } from '../log/log-columns.ts';
import type { EngagementLog } from '../engagement-log.ts';
import type { Ordering } from '../utility.ts';
import type { RowSelection } from './row-selections.ts';
import type { ColumnRange } from './utility-bins.ts';
import type { UtilityHistogram } from './utility-histogram.ts';

/** Which log to take histograms of, by which columns, for which metrics. */
export interface BinnedLogRequest extends Omit<ColumnNames, UnusedColumn>, Pick<LogSource, 'nullScores'> {
  readonly path: string | readonly string[];
  /** The file of DuckDB's extension that s3:// paths take. */
  readonly httpfs?: string | undefined;
  /** Bins of utility. */
  readonly bins: number;
  /**
   * What each head's probability, then the logged score where there is one, is taken to range over; left out, what this log
   * holds. Histograms of parts of a log add up where they are given the same.
   */
  readonly ranges?: readonly ColumnRange[];
  /** What may be asked for later. */
  readonly metrics: readonly LogMetric[];
  /** Bytes that this process may take. */
  readonly memoryBudget: number;
}

type UnusedColumn = 'user' | 'timestamp' | 'position' | 'examination' | 'displayPropensity';

/** One head of a log, whatever the weights. */
export interface BinnedHead {
  readonly name: string;
  readonly sign: 1 | -1;
  readonly calibration: {
    readonly negativeKeepRate: number;
    readonly rowsWithLabel: number;
    readonly positives: number;
    /** The share of positives among the rows with a label, by weight; undefined where they weigh nothing. */
    readonly baseRate: number | undefined;
    /** Of the calibrated probability. */
    readonly range: ColumnRange;
  };
}

/** What the rows of a head and segment add up to. */
export interface SelectionSums extends RowSelection {
  readonly rows: number;
  readonly positives: number;
  /** By weight. */
  readonly negativeWeight: number;
  readonly positiveWeight: number;
}

/** A log that stays in its files, which each evaluation scans. A handle that must be closed. */
export interface BinnedLog {
  readonly form: 'histogram';
  readonly rows: number;
  readonly droppedRows: number;
  readonly bins: number;
  readonly weighted: boolean;
  /** How many orderings one scan may serve, within the memory. */
  readonly orderingsAtOnce: number;
  readonly heads: readonly BinnedHead[];
  /** Of every head, then of the heads and segments of the metrics that it was opened for. */
  readonly selections: readonly SelectionSums[];
  /** The metrics among those that do not depend on the weights, by name; undefined ones left out. */
  readonly constants: ReadonlyMap<string, number>;
  /** For each of the orderings, one histogram a selection; one scan serves them all. */
  histograms(orderings: readonly Ordering[]): Promise<readonly (readonly UtilityHistogram[])[]>;
  close(): void;
}

/** Whether a log is in the histogram form. */
export function isBinned(log: EngagementLog | BinnedLog): log is BinnedLog {
  return 'form' in log;
}
