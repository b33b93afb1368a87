import { cholesky } from '../../../math/cholesky.ts';

/** A mean of an arm as a logarithm, and its variance, (SE/mean)². */
export interface LogMean {
  readonly value: number;
  readonly variance: number;
}

/** One round as all metrics saw it. */
export interface MeasuredRound {
  /** Where the models see the arms' weights; the baseline first. */
  readonly places: readonly Float64Array[];
  /** By model, then by arm; undefined where it was not measured. */
  readonly metrics: readonly (readonly (LogMean | undefined)[])[];
  /** Of one user's metrics within an arm, models × models row-major. */
  readonly correlation: Float64Array;
}

/** All that was measured in all rounds, n numbers, and how their errors go together. */
export interface ArmErrors {
  /** Where all arms of all rounds lie, row-major; how many. */
  readonly X: Float64Array;
  readonly arms: number;
  /** Of each number: its model, and its arm. */
  readonly metric: Int32Array;
  readonly arm: Int32Array;
  /** log(mean/mean of the baseline's arm in the round). */
  readonly y: Float64Array;
  /** n×n, of errors and of the rounds' constants; and its Cholesky factor. */
  readonly covariance: Float64Array;
  readonly factor: Float64Array;
}

/**
 * Of what multiplies a metric in a round, as a logarithm, beside what its baseline arm says of it: next to errors of some parts in a hundred
 * as good as a flat prior.
 */
const CONSTANT_VARIANCE = 1;

/**
 * The errors of all arms' means and metrics together: r_tu·√(v_t v_u) in one arm, and what is common to a metric in a round.
 *
 * Users who come often do more of everything, so all metrics of an arm err the same way; r is the correlation of a user's metrics, which
 * that of the means is too. Throws NotPositiveDefiniteError where the correlations are of no numbers.
 */
export function armErrors(rounds: readonly MeasuredRound[]): ArmErrors {
  const models = rounds[0]!.metrics.length;
  const measured = rounds.flatMap((round, r) =>
    round.metrics.flatMap((means, metric) => {
      const origin = means.find((mean) => mean !== undefined)?.value ?? 0;
      return means.flatMap((mean, arm) =>
        mean === undefined
          ? []
          : [{ round: r, metric, arm, y: mean.value - origin, stddev: Math.sqrt(mean.variance) }],
      );
    }),
  );
  const n = measured.length;
  const covariance = Float64Array.from({ length: n * n }, (_, at) => {
    const [a, b] = [measured[Math.floor(at / n)]!, measured[at % n]!];
    if (a.round !== b.round) return 0;
    const shared = a.metric === b.metric ? CONSTANT_VARIANCE : 0;
    if (a.arm !== b.arm) return shared;
    const { correlation } = rounds[a.round]!;
    const together = a.metric === b.metric ? 1 : correlation[a.metric * models + b.metric]!;
    return shared + together * a.stddev * b.stddev;
  });
  const before = rounds.map((_, r) => rounds.slice(0, r).reduce((sum, { places }) => sum + places.length, 0));
  const places = rounds.flatMap((round) => round.places);
  return {
    X: Float64Array.from(places.flatMap((place) => Array.from(place))),
    arms: places.length,
    metric: Int32Array.from(measured, ({ metric }) => metric),
    arm: Int32Array.from(measured, ({ round, arm }) => before[round]! + arm),
    y: Float64Array.from(measured, ({ y }) => y),
    covariance,
    factor: cholesky(covariance, n).factor,
  };
}
