import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { normalCdf } from '../../../math/normal.ts';
import { randomStream } from '../../../math/random.ts';
import { DEFAULT_CONFIDENCE } from '../../../src/online/transfer/decide-shipment.ts';
import { type ArmReadout, runExperiment } from '../world/experiment.ts';
import { OBJECTIVE } from '../world/heads.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import { ARMS, LIFT_GUARDRAILS, ROUNDS, type Strategy } from './strategy.ts';

/**
 * Ships the best of 16 space-filling arms: the largest observed lift above 0 among those whose own readout says that the guardrails are
 * met with 95 % probability, under a flat prior and delta-method errors.
 */
export const random: Strategy = (world) => {
  const design = spaceFillingDesign(
    WEIGHT_SPACE,
    ARMS * ROUNDS,
    randomStream(world.seed, 'strategy', 'random', world.kind),
    [world.baseline],
  );
  let weights = world.baseline;
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const arms = design.slice(round * ARMS, (round + 1) * ARMS);
    const [control, ...treated] = runExperiment(world, arms, round);
    for (const arm of treated) {
      const lift = arm.mean[OBJECTIVE]! / control!.mean[OBJECTIVE]! - 1;
      if (lift > best && probabilityMet(arm, control!) >= DEFAULT_CONFIDENCE) {
        best = lift;
        weights = arm.weights;
      }
    }
  }
  return { weights };
};

/** The product over the guardrails of Φ of the distance to the bound in standard errors. */
function probabilityMet(arm: ArmReadout, control: ArmReadout): number {
  return LIFT_GUARDRAILS.reduce((product, { metric: t, relation, bound }) => {
    const ratio = arm.mean[t]! / control.mean[t]!;
    const relative = (each: ArmReadout): number => each.standardError[t]! / each.mean[t]!;
    const error = ratio * Math.hypot(relative(arm), relative(control));
    const slack = relation === '>=' ? ratio - 1 - bound : bound - (ratio - 1);
    return product * normalCdf(slack / error);
  }, 1);
}
