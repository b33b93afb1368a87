import type { OnlineEvidence } from '../arms/online-evidence.ts';
import { type StudyEncoding, toVector } from '../../optimizer/encode.ts';
import { placed, type Place } from './place-weights.ts';
import type { LogObservations } from './relative-observations.ts';

/** With fewer weights measured, a log says nothing of slopes. */
const FEWEST_LOGGED = 5;

/** Metrics that differ by more between weights are in several units; powers of it overflow in draws. */
export const LARGEST_RATIO = 1e4;

/** The log's values of a metric; a reason in words where they are of no use. */
export function loggedMetric(
  encoding: StudyEncoding,
  place: Place,
  { logged }: Pick<OnlineEvidence, 'logged'>,
  offline: string,
): LogObservations | string {
  const found = logged.filter(({ metrics }) => metrics[offline] !== undefined);
  if (found.length < FEWEST_LOGGED) {
    return `${offline} was measured at ${found.length} weights: expected ${FEWEST_LOGGED} or more`;
  }
  const bad = found.find(({ metrics }) => !(metrics[offline]! > 0));
  if (bad !== undefined) return `${offline} is ${bad.metrics[offline]} at some weights: expected it above 0`;
  const values = found.map(({ metrics }) => metrics[offline]!);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(most / least <= LARGEST_RATIO)) {
    return `${offline} is from ${least} to ${most}: expected values within a factor of ${LARGEST_RATIO}`;
  }
  return {
    X: placed(
      found.map(({ weights }) => toVector(encoding, weights)),
      place,
    ),
    y: Float64Array.from(values),
  };
}
