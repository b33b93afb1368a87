import { type StudyEncoding, toVector } from '../../optimizer/encode.ts';
import type { OnlineEvidence } from '../arms/online-evidence.ts';
import { correlationMatrix, withoutRounding } from '../readouts/metric-correlation.ts';
import { type ArmErrors, armErrors } from './arm-errors.ts';
import type { Place } from './place-weights.ts';
import { roundsOf } from './rounds-of.ts';

/**
 * How the errors of all rounds go together (`armErrors`), of the metrics `names`; undefined where no readout tells of any pair.
 *
 * Of a pair that is not told errors are apart.
 */
export function errorsOfRounds(
  { rounds }: OnlineEvidence,
  encoding: StudyEncoding,
  place: Place,
  names: readonly string[],
): ArmErrors | undefined {
  if (rounds.every(({ correlations }) => correlations.length === 0)) return undefined;
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
      correlation: withoutRounding(correlationMatrix(round.correlations, names), names.length),
    })),
  );
}
