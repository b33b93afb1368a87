import { DomainError } from '../domain/errors.ts';
import type { Head } from '../domain/log.ts';
import { calibrate } from './calibrate.ts';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';

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
      `column "${column}" has no label, which calibration: isotonic is fitted to: expected at least one`,
    );
  }
  applyIsotonic(fit, score);
}
