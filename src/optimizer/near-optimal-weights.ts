import { encode } from '../../acquisition/encoding.ts';
import { posteriorMean } from '../../gp/posterior.ts';
import { rangesWithin } from '../../math/polytope/ranges-within.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { encodeStudy, type StudyEncoding, toVector, toWeights } from './encode.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { type FittedMetrics, metricModel, metricModels } from './metric-models.ts';
import { PAIRED_VARIANCE } from './paired-variance.ts';
import { steeringMeans } from './steering-means.ts';

/** How far each weight may be from the winner's, the others following, at a loss within the tolerance. */
export interface NearOptimalWeights {
  readonly minimum: Weights;
  readonly maximum: Weights;
  /** Weights whose predictions were looked at. */
  readonly asked: number;
}

/** How much of the objective may be lost: so much, or less than so many standard errors of the difference (`withPairedVariances`). */
export type Allowance = { readonly loss: number } | { readonly errors: number };

/**
 * The range of each weight over those that the models hold near-optimal: posterior mean of the objective no further below that
 * at the winner than allowed, posterior mean of each guardrail's slack not negative (nor less than at the winner, where that
 * is), ranges, sum and constraints kept.
 *
 * Found by hit-and-run from the winner (`rangesWithin`): each end is attained by weights of that set.
 */
export function nearOptimalWeights(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  winner: Weights,
  allowance: Allowance,
): NearOptimalWeights {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  const encoding = encodeStudy(definition);
  const models = metricModels(definition, encoding, trials, fitted);
  const { objective, slacks } = steeringMeans(definition, encoding, models, bounds);
  const start = toVector(encoding, winner);
  const best = objective(start);
  const allowed = allowedLoss(definition, encoding, trials, fitted, allowance);
  const floors = slacks.map((slack) => Math.min(0, slack(start)));
  const isMember = (w: Float64Array): boolean =>
    best - objective(w) <= allowed(w) && slacks.every((slack, k) => slack(w) >= floors[k]!);
  const random = randomStream(definition.seed, 'near-optimal');
  const { minimum, maximum, asked } = rangesWithin(encoding.polytope, isMember, start, random);
  return { minimum: toWeights(encoding, minimum), maximum: toWeights(encoding, maximum), asked };
}

function allowedLoss(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  allowance: Allowance,
): (w: Float64Array) => number {
  if ('loss' in allowance) return () => allowance.loss;
  const hyperparameters = fitted[PAIRED_VARIANCE]!;
  const variance = posteriorMean(metricModel(definition, encoding, trials, PAIRED_VARIANCE, hyperparameters));
  const x = new Float64Array(encoding.inputs.indices.length);
  return (w) => {
    encode(encoding.inputs, w, x);
    return allowance.errors * Math.sqrt(Math.max(0, variance(x)));
  };
}
