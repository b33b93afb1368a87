import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { type Random, randomStream } from '../../../math/random.ts';
import { chooseArms } from '../../../src/online/transfer/choose-arms.ts';
import { decideShipment } from '../../../src/online/transfer/decide-shipment.ts';
import type { LiftSamples } from '../../../src/online/transfer/lift-guardrail.ts';
import { sampleLifts } from '../../../src/online/transfer/sample-lifts.ts';
import { fitTransfer, type TransferModel } from '../../../src/online/transfer/transfer-model.ts';
import { stepFrom } from '../world/best-weights.ts';
import { type Readout, runExperiment } from '../world/experiment.ts';
import { HEADS, OBJECTIVE } from '../world/heads.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import type { World } from '../world/world.ts';
import { ARMS, LIFT_GUARDRAILS, type Shipped } from './strategy.ts';

const SAMPLES = 512;
/** Candidates for the second round: uniform ones, then steps from the best of them and of the arms. */
const UNIFORM = 160;
const NEARBY = 80;
const NEARBY_STEP = 0.06;
/** Standard errors of a lift that the second round's arms are to keep clear of the bounds, so that their readout can show it. */
const CLEARANCE = 1;

/**
 * Two rounds with models: the given arms, then the batch that is expected to improve most, then the arm with the best
 * posterior mean that meets the guardrails. With `logDesign`, weights that the log is asked about beside those of the arms, the
 * models are of log and rounds.
 */
export function modelledRounds(
  world: World,
  name: string,
  firstArms: readonly Float64Array[],
  logDesign: readonly Float64Array[] | undefined,
): Shipped {
  const random = randomStream(world.seed, 'strategy', name, world.kind, 'rounds');
  const first = runExperiment(world, firstArms, 0);
  const models = fitModels(world, [first], logDesign);
  const second = runExperiment(world, nextArms(world, models, first, random), 1);
  const rounds = [first, second];
  const final = fitModels(world, rounds, logDesign);
  const tested = rounds.flatMap((round) => round.slice(1).map(({ weights }) => weights));
  const { point } = decideShipment(liftSamples(final, tested, random), OBJECTIVE, LIFT_GUARDRAILS);
  return {
    weights: point < 0 ? world.baseline : tested[point]!,
    ...(logDesign && { logUsed: final.map(({ trust }) => trust!.used) }),
  };
}

/** One model a head. */
function fitModels(
  world: World,
  rounds: readonly Readout[],
  logDesign: readonly Float64Array[] | undefined,
): readonly TransferModel[] {
  const logged = logDesign && [
    ...logDesign,
    ...rounds.flatMap((round) => round.map(({ weights }) => weights)),
  ];
  const distinct = logged?.filter((weights, i) => logged.findIndex((other) => isSame(weights, other)) === i);
  const scored = distinct?.map(world.offline);
  return HEADS.map((head, t) =>
    fitTransfer(
      head,
      distinct && { X: stacked(distinct), y: Float64Array.from(scored!, (metrics) => metrics[t]!) },
      rounds.map((round) =>
        round.map(({ weights: x, mean, standardError }) => ({
          x,
          mean: mean[t]!,
          standardError: standardError[t]!,
        })),
      ),
    ),
  );
}

/** Chosen first among uniform candidates, then among those that are near the ones chosen, and they. */
function nextArms(
  world: World,
  models: readonly TransferModel[],
  first: Readout,
  random: Random,
): readonly Float64Array[] {
  const tested = first.slice(1).map(({ weights }) => weights);
  const guardrails = LIFT_GUARDRAILS.map((g) => {
    const { mean, standardError } = first[0]!;
    const margin = (CLEARANCE * Math.SQRT2 * standardError[g.metric]!) / mean[g.metric]!;
    return { ...g, bound: g.relation === '>=' ? g.bound + margin : g.bound - margin };
  });
  const uniform = samplePolytope(WEIGHT_SPACE, UNIFORM, random);
  const wide = [...tested, ...uniform];
  const promising = chooseArms(liftSamples(models, wide, random), OBJECTIVE, guardrails, 0, ARMS);
  const centres = promising.length > 0 ? promising.map((i) => wide[i]!) : [world.baseline];
  const near = Array.from({ length: NEARBY }, (_, i) =>
    stepFrom(centres[i % centres.length]!, NEARBY_STEP, random),
  );
  const points = [...tested, ...centres, ...near];
  const chosen = chooseArms(liftSamples(models, points, random), OBJECTIVE, guardrails, tested.length, ARMS);
  const arms = chosen.map((i) => points[i]!);
  // Where nothing is expected to improve, the traffic that is left looks elsewhere.
  return [...arms, ...uniform.slice(0, ARMS - arms.length)];
}

/** Joint over the points; metrics are modelled apart. */
function liftSamples(
  models: readonly TransferModel[],
  points: readonly Float64Array[],
  random: Random,
): LiftSamples {
  const X = stacked(points);
  return {
    count: SAMPLES,
    points: points.length,
    metrics: models.map((model) => sampleLifts(model, X, SAMPLES, random)),
  };
}

/** Weights between 0 and 1 are the unit cube's coordinates as they are. */
function stacked(points: readonly Float64Array[]): Float64Array {
  return Float64Array.from(points.flatMap((point) => Array.from(point)));
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i]);
}
