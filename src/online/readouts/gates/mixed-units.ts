import type { Measurement, MetricReadout } from '../../../domain/readout.ts';
import type { Finding } from './finding.ts';

/** A factor of 100 times or over the square root of 10: no lift reaches it, and no other unit lies in it. */
const DECADES = 2;
const HALF_DECADE = 0.5;

/** A lift of a tested arm beyond ±100 % is read as a percentage. */
const LARGEST_LIFT = 1;

/** What was known of a metric before: by an earlier round, in the units that were right then, or by the study. */
export interface EarlierMetric {
  readonly source: 'the round before' | 'the study';
  readonly controlMean: number | null;
  /** Standard deviation over units by mean. */
  readonly coefficientOfVariation: number | null;
}

/**
 * Percentages among fractions.
 *
 * A share lies in [0, 1]. Means that are about 100 times the control's, or the control's about 100 times what was known before (or
 * a hundredth of it), are in other units. A lift beyond ±1 is more than double, or less than nothing; a small one in per cent
 * is known by its standard error, which is about 100 times what the spread that was known allows,
 * sem = cv·√(1/n_i + (1 + lift)²/n_0).
 *
 * `units` count where a measurement has no n of its own.
 */
export function mixedUnitsFindings(
  metric: string,
  { kind, arms }: MetricReadout,
  units: Readonly<Record<string, number>>,
  control: string,
  earlier: EarlierMetric | null,
): readonly Finding[] {
  const finding = (arm: string, message: string): Finding => ({
    gate: 'mixed_units',
    severity: 'refuse',
    metric,
    arm,
    message,
  });
  const controlMean = meanOf(arms[control]);
  return Object.entries(arms).flatMap(([arm, measurement]) => {
    if ('lift' in measurement) {
      const { lift } = measurement;
      if (Math.abs(lift) > LARGEST_LIFT) {
        return [finding(arm, `has a lift of ${lift}: expected a fraction, such as 0.02 for +2 %`)];
      }
      const allowed = liftError(
        lift,
        measurement.n ?? units[arm],
        units[control],
        earlier?.coefficientOfVariation,
      );
      if (arm === control || !isHundredfold(measurement.sem, allowed)) return [];
      return [
        finding(
          arm,
          `has a lift with a sem of ${measurement.sem}: expected about ${allowed?.toPrecision(2)}, a fraction, by the spread of the metric in ${earlier!.source}`,
        ),
      ];
    }
    const mean = meanOf(measurement)!;
    if (kind === 'propensity' && (mean < 0 || mean > 1)) {
      return [
        finding(arm, `has a share of ${mean}: expected a fraction between 0 and 1, such as 0.02 for 2 %`),
      ];
    }
    const before = earlier?.controlMean ?? undefined;
    if (arm === control && isHundredfold(mean, before)) {
      return [
        finding(
          arm,
          `has a mean of ${mean}: expected the units of ${earlier!.source}, in which it was ${before}`,
        ),
      ];
    }
    if (arm !== control && isHundredfold(mean, controlMean)) {
      return [
        finding(arm, `has a mean of ${mean}: expected the units of ${control}, which has ${controlMean}`),
      ];
    }
    return [];
  });
}

function isHundredfold(mean: number, reference: number | undefined): boolean {
  if (reference === undefined || mean * reference <= 0) return false;
  return Math.abs(Math.abs(Math.log10(mean / reference)) - DECADES) < HALF_DECADE;
}

/** The standard error of a lift, by the spread of the metric; undefined where that or the units are not known. */
function liftError(
  lift: number,
  units: number | undefined,
  controlUnits: number | undefined,
  coefficientOfVariation: number | null | undefined,
): number | undefined {
  if (!units || !controlUnits || !coefficientOfVariation) return undefined;
  return coefficientOfVariation * Math.sqrt(1 / units + (1 + lift) ** 2 / controlUnits);
}

/** Undefined for a lift. */
function meanOf(measurement: Measurement | undefined): number | undefined {
  if (measurement === undefined || 'lift' in measurement) return undefined;
  return 'mean' in measurement ? measurement.mean : measurement.sum / measurement.n;
}
