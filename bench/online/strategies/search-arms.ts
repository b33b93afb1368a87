import { samplePolytope } from '../../../math/polytope/sampling.ts';
import type { Random } from '../../../math/random.ts';
import { chooseArms } from '../../../src/online/transfer/choose-arms.ts';
import type { LiftGuardrail, LiftSamples } from '../../../src/online/transfer/lift-guardrail.ts';
import { sampleLifts } from '../../../src/online/transfer/sample-lifts.ts';
import type { TransferModel } from '../../../src/online/transfer/transfer-model.ts';
import { stepFrom } from '../world/best-weights.ts';
import { OBJECTIVE } from '../world/heads.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';

const SAMPLES = 512;
/** Candidates: uniform ones, then steps from the best of them and of the arms. */
const UNIFORM = 160;
const NEARBY = 80;
const NEARBY_STEP = 0.06;

/** Where a model sees weights. */
export type Place = (weights: Float64Array) => Float64Array;

/** What arms are chosen by. */
export interface ArmSearch {
  /** One a head. */
  readonly models: readonly Pick<TransferModel, 'components'>[];
  readonly place: Place;
  readonly tested: readonly Float64Array[];
  readonly guardrails: readonly LiftGuardrail[];
  /** Where to look where nothing promises to improve. */
  readonly centre: Float64Array;
}

/** Up to `count` arms, chosen first among uniform candidates, then among those that are near the ones chosen, and they. */
export function searchArms(
  { models, place, tested, guardrails, centre }: ArmSearch,
  count: number,
  random: Random,
): readonly Float64Array[] {
  const wide = [...tested, ...samplePolytope(WEIGHT_SPACE, UNIFORM, random)];
  const promising = chooseArms(liftSamples(models, wide, place, random), OBJECTIVE, guardrails, 0, count);
  const centres = promising.length > 0 ? promising.map((i) => wide[i]!) : [centre];
  const near = Array.from({ length: NEARBY }, (_, i) =>
    stepFrom(centres[i % centres.length]!, NEARBY_STEP, random),
  );
  const points = [...tested, ...centres, ...near];
  const samples = liftSamples(models, points, place, random);
  return chooseArms(samples, OBJECTIVE, guardrails, tested.length, count).map((i) => points[i]!);
}

/** Joint over the points; metrics are modelled apart. */
export function liftSamples(
  models: readonly Pick<TransferModel, 'components'>[],
  points: readonly Float64Array[],
  place: Place,
  random: Random,
): LiftSamples {
  const X = stacked(points, place);
  return {
    count: SAMPLES,
    points: points.length,
    metrics: models.map((model) => sampleLifts(model, X, SAMPLES, random)),
  };
}

/** Row-major, as a model sees them. */
export function stacked(points: readonly Float64Array[], place: Place): Float64Array {
  return Float64Array.from(points.flatMap((point) => Array.from(place(point))));
}
