import type { MeasuredSums, Measurement, MetricReadout } from '../../../domain/readout.ts';
import { centredSums, SQUARES_ROUNDING } from '../centred-sums.ts';
import type { Finding } from './finding.ts';

/**
 * Two significant digits of a standard error are off by up to 5 %, and two of a share move √(p(1 − p)) by 2.5 %: a tenth is
 * more than rounding explains.
 */
const TOLERANCE = 0.1;

/** Standard deviations of one metric that differ by more between arms: an effect changes means, not spreads so much. */
const LARGEST_SPREAD_RATIO = 3;

/** No covariate of the time before explains so much of a metric: over it the covariate is the metric itself. */
const LARGEST_CORRELATION = 0.9999;

/** Two units are on a line, and three nearly so in one arm of a hundred. */
const FEWEST_CORRELATED = 4;

/** √(1 − ρ²), the share of a standard error that such a covariate leaves. */
const LEAST_ADJUSTED = Math.sqrt(1 - LARGEST_CORRELATION ** 2);

/**
 * Standard errors that the numbers themselves contradict.
 *
 * The share p of n users has the standard error √(p(1 − p)/n), and no other: up to a tenth less or more, any less where it was
 * adjusted, but no less than √(1 − ρ²) of it, ρ = 0.9999. A volume has a positive one, and its standard deviation sem·√n is that of the
 * control within a factor of 3 (a warning). A lift of an arm has a positive one too. Sums of a propensity have Σy² = Σy ≤ n, and a covariate
 * in sums leaves something of the metric, |S_xy| ≤ ρ√(S_xx S_yy), where there are four units or more.
 *
 * `units` count where a measurement has no n of its own.
 */
export function impossibleSemFindings(
  metric: string,
  readout: MetricReadout,
  units: Readonly<Record<string, number>>,
  control: string,
): readonly Finding[] {
  const controlSpread = spreadOf(readout.arms[control], units[control]);
  return Object.entries(readout.arms).flatMap(([arm, measurement]) => {
    const finding = (severity: Finding['severity'], message: string): readonly Finding[] => [
      { gate: 'impossible_sem', severity, metric, arm, message },
    ];
    if ('lift' in measurement) {
      const known = arm === control || measurement.sem > 0;
      return known ? [] : finding('refuse', 'has a lift without error: expected a sem above 0');
    }
    const problem =
      readout.kind === 'propensity'
        ? propensityProblem(measurement, units[arm], readout.adjusted)
        : volumeProblem(measurement);
    const refused = problem ?? ('sum' in measurement ? covariateProblem(measurement) : undefined);
    if (refused !== undefined) return finding('refuse', refused);
    const spread = spreadOf(measurement, units[arm]);
    if (spread === undefined || controlSpread === undefined || readout.kind === 'propensity') return [];
    const ratio = spread / controlSpread;
    if (ratio <= LARGEST_SPREAD_RATIO && ratio >= 1 / LARGEST_SPREAD_RATIO) return [];
    return finding(
      'warn',
      `its standard deviation, sem·√n, is ${ratio.toPrecision(2)} times the control's: expected at most ${LARGEST_SPREAD_RATIO} times more or less`,
    );
  });
}

function propensityProblem(
  measurement: Measurement,
  units: number | undefined,
  adjusted: boolean,
): string | undefined {
  if ('sum' in measurement) {
    const { n, sum, sumOfSquares } = measurement;
    if (sum === sumOfSquares && sum <= n) return undefined;
    return `has sum ${sum}, sumOfSquares ${sumOfSquares} of ${n} users: expected equal ones of at most n, as each user counts 0 or 1`;
  }
  if (!('mean' in measurement)) return undefined;
  const { mean, sem, n = units } = measurement;
  // A share outside [0, 1] is told as mixed units.
  if (n === undefined || n === 0 || mean < 0 || mean > 1) return undefined;
  const expected = Math.sqrt((mean * (1 - mean)) / n);
  const least = expected * (adjusted ? LEAST_ADJUSTED : 1 - TOLERANCE);
  if (sem >= least && sem <= expected * (1 + TOLERANCE) && (sem > 0 || expected === 0)) return undefined;
  const isDeviation = Math.abs(sem / (expected * Math.sqrt(n)) - 1) <= TOLERANCE && n > 1;
  const hint = isDeviation ? ' (this looks like a standard deviation)' : '';
  return `has a sem of ${sem}${hint}: expected about √(p(1 − p)/n) = ${expected.toPrecision(3)}`;
}

function volumeProblem(measurement: Measurement): string | undefined {
  const spread = spreadOf(measurement, 1);
  return spread === 0 ? 'has no spread between users: expected a sem above 0' : undefined;
}

/** A metric that its covariate explains whole has no error left, whatever it was. */
function covariateProblem(measurement: MeasuredSums): string | undefined {
  const { n, squares, covariate } = centredSums(measurement);
  if (covariate === null || n < FEWEST_CORRELATED) return undefined;
  const isConstant =
    squares <= SQUARES_ROUNDING * measurement.sumOfSquares ||
    covariate.squares <= SQUARES_ROUNDING * measurement.covariate!.sumOfSquares;
  if (isConstant) return undefined;
  const correlation = covariate.products / Math.sqrt(squares * covariate.squares);
  if (Math.abs(correlation) <= LARGEST_CORRELATION) return undefined;
  return `has a correlation of ${correlation.toFixed(6)} with its covariate, which leaves no error: expected at most ${LARGEST_CORRELATION} in size, of a covariate of the time before the experiment`;
}

/** The standard deviation over units; undefined where their number is not known. */
function spreadOf(measurement: Measurement | undefined, units: number | undefined): number | undefined {
  if (measurement === undefined || 'lift' in measurement) return undefined;
  if ('mean' in measurement) {
    const { sem, n = units } = measurement;
    return n === undefined ? undefined : sem * Math.sqrt(n);
  }
  const { n, sum, sumOfSquares } = measurement;
  return Math.sqrt(Math.max(0, sumOfSquares - (sum * sum) / n) / (n - 1));
}
