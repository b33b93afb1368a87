import type { World } from '../world/world.ts';
import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomStream } from '../../../math/random.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import { modelledRounds } from './modelled.ts';
import { ARMS, type Strategy } from './strategy.ts';

/** The first round's arms of a strategy that knows nothing yet. */
export function spaceFillingArms(world: World): readonly Float64Array[] {
  const random = randomStream(world.seed, 'strategy', 'space-filling', world.kind);
  return spaceFillingDesign(WEIGHT_SPACE, ARMS, random, [world.baseline]);
}

/** Bayesian optimisation of the experiments alone: space-filling arms, then a batch from the models. */
export const online: Strategy = (world) =>
  modelledRounds(world, 'online', spaceFillingArms(world), undefined);
