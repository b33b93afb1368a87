import { DomainError } from '../domain/errors.ts';
import type { Head } from '../domain/log.ts';
import { calibrate } from './calibrate.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';
import { tuneLabels } from './split-log.ts';

/** What a head's calibration does to its scores: `none` also where `beta` has no negatives to make up for. */
export function appliedCalibration({
  calibration = 'beta',
  negativeKeepRate,
}: Pick<Head, 'calibration' | 'negativeKeepRate'>): 'none' | 'beta' | 'isotonic' {
  return calibration === 'beta' && negativeKeepRate === 1 ? 'none' : calibration;
}

/**
 * Turns a head's scores into probabilities, in place, as its `calibration` says: `none` leaves them, `beta` (the default) undoes
 * the downsampling of negatives, `isotonic` fits a monotone function to the labels.
 *
 * `label` n, negative where missing or not of the part of the log to fit on; `weight` n ≥ 0, 1 by default. Throws `log_invalid`
 * where there is no label to fit to.
 */
export function calibrateHead(
  score: Float64Array,
  { calibration = 'beta', negativeKeepRate, label: column }: Head,
  label: Int8Array,
  weight?: Float64Array,
): void {
  if (calibration === 'none') return;
  if (calibration === 'beta') {
    calibrate(score, negativeKeepRate);
    return;
  }
  const fit = fitIsotonic(score, label, weight);
  if (fit === undefined) {
    throw new DomainError(
      'log_invalid',
      `column "${column}" has no label that calibration: isotonic can be fitted to: expected at least one, outside a hold-out`,
    );
  }
  applyIsotonic(fit, score);
}

/**
 * A head's scores, which were read as they are, as its calibration makes them; undefined where it leaves them. Nothing is fitted
 * to labels of requests that `held` says 1 of. Throws as `calibrateHead`.
 */
export function calibratedCopy(
  { weight, requestOffsets }: Pick<EngagementLog, 'weight' | 'requestOffsets'>,
  { probability: score, label }: Pick<HeadColumns, 'probability' | 'label'>,
  head: Head,
  held?: Uint8Array,
): Float64Array | undefined {
  const applied = appliedCalibration(head);
  if (applied === 'none') return undefined;
  const probability = score.slice();
  const fittedLabel =
    held === undefined || applied !== 'isotonic' ? label : tuneLabels(label, requestOffsets, held);
  calibrateHead(probability, head, fittedLabel, weight);
  return probability;
}
