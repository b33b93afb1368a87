import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomStream } from '../../../math/random.ts';
import { bestWeights } from '../world/best-weights.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import { modelledRounds } from './modelled.ts';
import { spaceFillingArms } from './online.ts';
import { ARMS, type Strategy } from './strategy.ts';

/** What the log's guardrails are tightened by: the log promises at most that lift and loss compare with those online. */
const TIGHTENED = [0, 0.02, 0.04];
const LOG_EVALUATIONS = 16;
const SEARCH = { uniform: 80, steps: 60 };

/**
 * The log, then experiments: three of the first round's arms are what the log promises under its guardrails, as they are and
 * stricter, the others fill the space; the models then learn how far the log can be trusted, metric by metric.
 */
export const ours: Strategy = (world) => {
  const random = randomStream(world.seed, 'strategy', 'ours', world.kind);
  const promised = TIGHTENED.map(
    (tightened) => bestWeights(world.offline, world.baseline, SEARCH, random, tightened).weights,
  );
  const distinct = promised.filter(
    (weights, i) => weights !== world.baseline && promised.findIndex((other) => isNear(weights, other)) === i,
  );
  // The arms of online-only first: what the log promises takes the place of its last ones.
  const filling = spaceFillingArms(world).slice(0, ARMS - distinct.length);
  const design = spaceFillingDesign(WEIGHT_SPACE, LOG_EVALUATIONS, random, [world.baseline]);
  return modelledRounds(world, 'ours', [...filling, ...distinct], design);
};

/** Weights nearer than this would be the same arm twice. */
const NEAR = 0.03;

function isNear(a: Float64Array, b: Float64Array): boolean {
  return Math.hypot(...a.map((value, i) => value - b[i]!)) < NEAR;
}
