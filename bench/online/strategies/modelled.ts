import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { type Random, randomStream } from '../../../math/random.ts';
import { decideShipment } from '../../../src/online/transfer/decide-shipment.ts';
import { dropUnhelpfulLog } from '../../../src/online/transfer/drop-unhelpful-log.ts';
import { shareRoots } from '../../../src/online/transfer/share-roots.ts';
import { fitTransfer, type TransferModel } from '../../../src/online/transfer/transfer-model.ts';
import type { MetricsOfWeights } from '../world/best-weights.ts';
import { type Readout, runExperiment } from '../world/experiment.ts';
import { HEADS, OBJECTIVE } from '../world/heads.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import type { World } from '../world/world.ts';
import { liftSamples, type Place, searchArms, stacked } from './search-arms.ts';
import { ARMS, LIFT_GUARDRAILS, type Shipped } from './strategy.ts';

/** Standard errors of a lift that the second round's arms are to keep clear of the bounds, so that their readout can show it. */
const CLEARANCE = 1;

/** What a strategy asks of the log. */
export interface LogUse {
  /** Metrics of a weight vector, one a head. */
  readonly metricsOf: MetricsOfWeights;
  /** Weights that the log is asked about beside those of the arms. */
  readonly design: readonly Float64Array[];
  /** How far a unit of each weight moves the utility. */
  readonly spreads: readonly number[];
}

/**
 * Two rounds with models: the given arms, then the batch that is expected to improve most, then the arm with the best
 * posterior mean that meets the guardrails. With `log` the models are of log and rounds.
 */
export function modelledRounds(
  world: World,
  name: string,
  firstArms: readonly Float64Array[],
  log: LogUse | undefined,
): Shipped {
  const random = randomStream(world.seed, 'strategy', name, world.kind, 'rounds');
  const spreads = log?.spreads ?? HEADS.map(() => 1);
  const place: Place = (weights) => shareRoots(weights, spreads);
  const first = runExperiment(world, firstArms, 0);
  const models = fitModels([first], log, place);
  const second = runExperiment(world, nextArms(world, models, place, first, random), 1);
  const rounds = [first, second];
  const final = fitModels(rounds, log, place);
  const tested = rounds.flatMap((round) => round.slice(1).map(({ weights }) => weights));
  const { point } = decideShipment(liftSamples(final, tested, place, random), OBJECTIVE, LIFT_GUARDRAILS);
  return {
    weights: point < 0 ? world.baseline : tested[point]!,
    ...(log && { logUsed: final.map(({ trust }) => trust!.used) }),
  };
}

/** One model a head. */
function fitModels(
  rounds: readonly Readout[],
  log: LogUse | undefined,
  place: Place,
): readonly TransferModel[] {
  const logged = log && [...log.design, ...rounds.flatMap((round) => round.map(({ weights }) => weights))];
  const distinct = logged?.filter((weights, i) => logged.findIndex((other) => isSame(weights, other)) === i);
  const scored = distinct?.map(log!.metricsOf);
  const models = HEADS.map((head, t) =>
    fitTransfer(
      head,
      distinct && { X: stacked(distinct, place), y: Float64Array.from(scored!, (metrics) => metrics[t]!) },
      rounds.map((round) =>
        round.map(({ weights, mean, standardError }) => ({
          x: place(weights),
          mean: mean[t]!,
          standardError: standardError[t]!,
        })),
      ),
    ),
  );
  return dropUnhelpfulLog(models);
}

/** The batch that is expected to improve most by bounds that a readout can show to be met. */
function nextArms(
  world: World,
  models: readonly TransferModel[],
  place: Place,
  first: Readout,
  random: Random,
): readonly Float64Array[] {
  const { mean, standardError } = first[0]!;
  const guardrails = LIFT_GUARDRAILS.map((g) => {
    const margin = (CLEARANCE * Math.SQRT2 * standardError[g.metric]!) / mean[g.metric]!;
    return { ...g, bound: g.relation === '>=' ? g.bound + margin : g.bound - margin };
  });
  const tested = first.slice(1).map(({ weights }) => weights);
  const arms = searchArms({ models, place, tested, guardrails, centre: world.baseline }, ARMS, random);
  // Where nothing is expected to improve, the traffic that is left looks elsewhere.
  return [...arms, ...samplePolytope(WEIGHT_SPACE, ARMS - arms.length, random)];
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i]);
}
