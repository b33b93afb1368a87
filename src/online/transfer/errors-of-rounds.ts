import { covarianceRoot } from '../../../math/covariance-root.ts';
import { dot } from '../../../math/triangular.ts';
import { DomainError } from '../../domain/errors.ts';
import { type StudyEncoding, toVector } from '../../optimizer/encode.ts';
import type { OnlineEvidence, ReadRound } from '../arms/online-evidence.ts';
import { type ArmErrors, armErrors } from './arm-errors.ts';
import type { Place } from './place-weights.ts';
import { roundsOf } from './rounds-of.ts';

/** Correlations are written with two digits or more. */
const WRITTEN = 0.02;

/**
 * How the errors of all rounds go together (`armErrors`), of the metrics `names`; undefined where no readout tells of any pair.
 *
 * Throws `experiment_invalid` where correlations of a readout are of no numbers.
 */
export function errorsOfRounds(
  { rounds }: OnlineEvidence,
  encoding: StudyEncoding,
  place: Place,
  names: readonly string[],
): ArmErrors | undefined {
  if (rounds.every(({ correlations }) => correlations.length === 0)) return undefined;
  rounds.forEach(({ experiment, correlations }) => {
    if (isCorrelation(correlationsOf(correlations, names), names.length)) return;
    throw new DomainError(
      'experiment_invalid',
      `the correlations of metrics in experiment ${experiment} are of no numbers: expected those of one table of users`,
    );
  });
  return armErrors(
    rounds.map((round) => ({
      places: round.arms.map(({ weights }) => place(toVector(encoding, weights))),
      metrics: names.map((metric) => {
        const used = roundsOf({ rounds: [round] }, metric).length > 0;
        const read = new Map((round.metrics[metric] ?? []).map((arm) => [arm.arm, arm]));
        return round.arms.map(({ name }) => {
          const measured = used ? read.get(name) : undefined;
          return (
            measured && { value: Math.log(measured.mean), variance: measured.variance / measured.mean ** 2 }
          );
        });
      }),
      correlation: correlationsOf(round.correlations, names),
    })),
  );
}

/** 0 where a pair is not told. */
function correlationsOf(correlations: ReadRound['correlations'], names: readonly string[]): Float64Array {
  const T = names.length;
  const matrix = Float64Array.from({ length: T * T }, (_, at) => Number(Math.floor(at / T) === at % T));
  for (const { metrics, correlation } of correlations) {
    const [a, b] = metrics.map((metric) => names.indexOf(metric)) as [number, number];
    if (a < 0 || b < 0) continue;
    matrix[a * T + b] = correlation;
    matrix[b * T + a] = correlation;
  }
  return matrix;
}

/** Whether a symmetric matrix of ones on the diagonal has no negative eigenvalue, but for the digits that people write. */
function isCorrelation(matrix: Float64Array, size: number): boolean {
  const root = covarianceRoot(matrix, size);
  return matrix.every((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return Math.abs(dot(root, i * size, root, j * size, size) - value) <= WRITTEN;
  });
}
