import type { Head } from '../domain/log.ts';
import { appliedCalibration, calibratedCopy } from './calibrate-head.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import { reliabilityDiagram, type ReliabilityDiagram } from './reliability-diagram.ts';

/** How well a head's scores foretell its labels, as they are logged and calibrated. */
export interface HeadReliability {
  readonly head: string;
  /** For a legend: `isotonic`, `beta 0.1`; `none` where scores are left as they are. */
  readonly calibration: string;
  readonly before: ReliabilityDiagram;
  /** Null where the calibration leaves scores as they are. */
  readonly after: ReliabilityDiagram | null;
}

/** Histogram bins fine enough for a figure of probabilities up to 0.01. */
const OPTIONS = { bins: 15, binning: 'quantile', histogramBins: 5000 } as const;

/**
 * The reliability of a head whose scores were read as they are, before and after its calibration; that is fitted to no label
 * of a request that `held` says 1 of. Throws as `calibrateHead`.
 */
export function headReliability(
  log: EngagementLog,
  columns: HeadColumns,
  head: Head,
  held?: Uint8Array,
): HeadReliability {
  const { name, probability: score, label } = columns;
  const applied = appliedCalibration(head);
  const calibrated = calibratedCopy(log, columns, head, held);
  return {
    head: name,
    calibration: applied === 'beta' ? `beta ${head.negativeKeepRate}` : applied,
    before: reliabilityDiagram(score, label, OPTIONS, log.weight),
    after: calibrated === undefined ? null : reliabilityDiagram(calibrated, label, OPTIONS, log.weight),
  };
}
