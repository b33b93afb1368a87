import type { Polytope } from '../../../math/polytope/polytope.ts';
import type { Random } from '../../../math/random.ts';
import type { ArmErrors } from './arm-errors.ts';
import type { LiftGuardrail, LiftSamples } from './lift-guardrail.ts';
import { placed, type Place } from './place-weights.ts';
import { sampleJointLifts } from './sample-joint-lifts.ts';
import { sampleLifts } from './sample-lifts.ts';
import type { TransferModel } from './transfer-model.ts';

/** What is known of the lifts of weights, and what is wanted of them. */
export interface LiftModels {
  /** Where weights may lie, and where the models see them. */
  readonly polytope: Polytope;
  readonly place: Place;
  /** How errors of the rounds go together between metrics; undefined where nothing tells, and they are taken as apart. */
  readonly errors: ArmErrors | undefined;
  /** One a metric. */
  readonly models: readonly Pick<TransferModel, 'components'>[];
  /** By index of the models. */
  readonly guardrails: readonly LiftGuardrail[];
  /** Index of the objective's model. */
  readonly objectiveModel: number;
  /** Index of the draws of the objective as "more is better": the model's, or after all models where it is to be minimised. */
  readonly objective: number;
}

/**
 * Draws of every metric's lifts, joint over the points, and of the objective as "more is better" at `objective`; metrics are modelled apart, but for the errors of arms.
 *
 * `points` in the order of the polytope's weights. Throws as `sampleLifts`.
 */
export function drawLifts(
  { place, models, errors, objective, objectiveModel }: LiftModels,
  points: readonly Float64Array[],
  count: number,
  random: Random,
): LiftSamples {
  const X = placed(points, place);
  const metrics =
    errors === undefined
      ? models.map((model) => sampleLifts(model, X, count, random))
      : [...sampleJointLifts(models, errors, X, count, random)];
  if (objective === models.length) metrics.push(metrics[objectiveModel]!.map((lift) => -lift));
  return { count, points: points.length, metrics };
}
