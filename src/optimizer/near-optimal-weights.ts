import { rangesWithin } from '../../math/polytope/ranges-within.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { encodeStudy, toVector, toWeights } from './encode.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { type FittedMetrics, metricModels } from './metric-models.ts';
import { steeringMeans } from './steering-means.ts';

/** How far each weight may be from the winner's, the others following, at a loss within the tolerance. */
export interface NearOptimalWeights {
  readonly minimum: Weights;
  readonly maximum: Weights;
  /** Weights whose predictions were looked at. */
  readonly asked: number;
}

/**
 * The range of each weight over those that the models hold near-optimal: posterior mean of the objective at most `tolerance`
 * below that at the winner, posterior mean of each guardrail's slack not negative (nor less than at the winner, where that
 * is), ranges, sum and constraints kept.
 *
 * Found by hit-and-run from the winner (`rangesWithin`): each end is attained by weights of that set.
 */
export function nearOptimalWeights(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  winner: Weights,
  tolerance: number,
): NearOptimalWeights {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  const encoding = encodeStudy(definition);
  const models = metricModels(definition, encoding, trials, fitted);
  const { objective, slacks } = steeringMeans(definition, encoding, models, bounds);
  const start = toVector(encoding, winner);
  const least = objective(start) - tolerance;
  const floors = slacks.map((slack) => Math.min(0, slack(start)));
  const isMember = (w: Float64Array): boolean =>
    objective(w) >= least && slacks.every((slack, k) => slack(w) >= floors[k]!);
  const random = randomStream(definition.seed, 'near-optimal');
  const { minimum, maximum, asked } = rangesWithin(encoding.polytope, isMember, start, random);
  return { minimum: toWeights(encoding, minimum), maximum: toWeights(encoding, maximum), asked };
}
