import { DomainError } from '../../domain/errors.ts';

/** What one arm of a round showed of one metric; `x` are its weights in the unit cube. */
export interface ArmObservation {
  readonly x: Float64Array;
  readonly mean: number;
  readonly standardError: number;
}

/** One round of an experiment, as one metric saw it; the first arm has the baseline's weights. */
export type RoundObservations = readonly ArmObservation[];

/** What an offline log says of one metric of several weight vectors. */
export interface LogObservations {
  /** n×d row-major in the unit cube. */
  readonly X: Float64Array;
  readonly y: Float64Array;
}

/** Observations on the scale of relative changes: differences are logarithms of ratios, log(1 + lift). */
export interface RelativeObservations {
  readonly X: Float64Array;
  readonly y: Float64Array;
  /** NaN where it is inferred. */
  readonly variance: Float64Array;
}

/**
 * An online round as logarithms: y = log mean, variance = (SE/mean)² (delta method).
 *
 * So the units of a metric, and whatever multiplies all arms of a round, become one constant of the round.
 * Throws `study_invalid` where a mean is not above 0, or a standard error is not a finite number of at least 0.
 */
export function relativeRound(arms: RoundObservations, metric: string): RelativeObservations {
  arms.forEach(({ mean, standardError }, arm) => {
    checkPositive(mean, `metric ${metric} of arm ${arm}`);
    if (!(standardError >= 0 && standardError < Infinity)) {
      throw new DomainError(
        'study_invalid',
        `metric ${metric} of arm ${arm} has the standard error ${standardError}: expected a number of at least 0`,
      );
    }
  });
  return {
    X: Float64Array.from(arms.flatMap(({ x }) => Array.from(x))),
    y: Float64Array.from(arms, ({ mean }) => Math.log(mean)),
    variance: Float64Array.from(arms, ({ mean, standardError }) => (standardError / mean) ** 2),
  };
}

/**
 * The log's observations as logarithms, whose noise is inferred (NaN): how much they jump between neighbouring weights.
 *
 * That is all of the log's error that differs from one weight vector to the next. The rest, its sampling error, is shared by
 * neighbours, so it is part of what the log's function is, and makes ρ smaller.
 * Throws `study_invalid` where a value is not above 0.
 */
export function relativeLog({ X, y }: LogObservations, metric: string): RelativeObservations {
  y.forEach((value) => checkPositive(value, `metric ${metric} of the log`));
  return { X, y: y.map(Math.log), variance: new Float64Array(y.length).fill(NaN) };
}

function checkPositive(value: number, what: string): void {
  if (value > 0 && value < Infinity) return;
  throw new DomainError(
    'study_invalid',
    `${what} is ${value}: expected a number above 0, of which changes are relative`,
  );
}
