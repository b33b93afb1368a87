import { type Random, randomStream } from '../../../math/random.ts';
import { nextArms } from '../../../src/online/arms/next-arms.ts';
import { readNoise } from '../../../src/online/arms/next-noise.ts';
import { armErrors, type MeasuredRound } from '../../../src/online/transfer/arm-errors.ts';
import { decideShipment, DEFAULT_CONFIDENCE } from '../../../src/online/transfer/decide-shipment.ts';
import { dropUnhelpfulLog } from '../../../src/online/transfer/drop-unhelpful-log.ts';
import { drawLifts, type LiftModels } from '../../../src/online/transfer/lift-models.ts';
import { LIFT_DRAWS } from '../../../src/online/transfer/online-models.ts';
import { type Place, placed, placeOn } from '../../../src/online/transfer/place-weights.ts';
import { fitTransfer, type TransferModel } from '../../../src/online/transfer/transfer-model.ts';
import type { MetricsOfWeights } from '../world/best-weights.ts';
import { type Readout, runExperiment } from '../world/experiment.ts';
import { HEADS, OBJECTIVE } from '../world/heads.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import type { World } from '../world/world.ts';
import { ARMS, LIFT_GUARDRAILS, type Shipped } from './strategy.ts';

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
  const first = runExperiment(world, firstArms, 0);
  const second = runExperiment(world, secondArms(world, [first], log, spreads, random), 1);
  const rounds = [first, second];
  const final = fitModels(rounds, log, spreads);
  const tested = rounds.flatMap((round) => round.slice(1).map(({ weights }) => weights));
  const samples = drawLifts(liftModels(final, spreads, rounds), tested, LIFT_DRAWS, random);
  const { point } = decideShipment(samples, OBJECTIVE, LIFT_GUARDRAILS);
  return {
    weights: point < 0 ? world.baseline : tested[point]!,
    ...(log && { logUsed: final.map(({ trust }) => trust!.used) }),
  };
}

/** What the world wants of the lifts of these models, one a head, after these rounds. */
export function liftModels(
  models: LiftModels['models'],
  spreads: readonly number[],
  rounds: readonly Readout[],
): LiftModels {
  const place = placeOn(WEIGHT_SPACE, spreads);
  return {
    polytope: WEIGHT_SPACE,
    place,
    errors: rounds.length === 0 ? undefined : armErrors(rounds.map((round) => measured(round, place))),
    models,
    guardrails: LIFT_GUARDRAILS,
    objectiveModel: OBJECTIVE,
    objective: OBJECTIVE,
  };
}

/** The correlation of a user's counts as the mean over the arms. */
function measured(round: Readout, place: Place): MeasuredRound {
  return {
    places: round.map(({ weights }) => place(weights)),
    metrics: HEADS.map((_, t) =>
      round.map(({ mean, standardError }) => ({
        value: Math.log(mean[t]!),
        variance: (standardError[t]! / mean[t]!) ** 2,
      })),
    ),
    correlation: round[0]!.correlation.map(
      (_, at) => round.reduce((sum, { correlation }) => sum + correlation[at]!, 0) / round.length,
    ),
  };
}

/** One model a head. */
function fitModels(
  rounds: readonly Readout[],
  log: LogUse | undefined,
  spreads: readonly number[],
): readonly TransferModel[] {
  const place = placeOn(WEIGHT_SPACE, spreads);
  const logged = log && [...log.design, ...rounds.flatMap((round) => round.map(({ weights }) => weights))];
  const distinct = logged?.filter((weights, i) => logged.findIndex((other) => isSame(weights, other)) === i);
  const scored = distinct?.map(log!.metricsOf);
  const models = HEADS.map((head, t) =>
    fitTransfer(
      head,
      distinct && { X: placed(distinct, place), y: Float64Array.from(scored!, (metrics) => metrics[t]!) },
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

function secondArms(
  world: World,
  rounds: readonly [Readout],
  log: LogUse | undefined,
  spreads: readonly number[],
  random: Random,
): readonly Float64Array[] {
  const arms = rounds[0].slice(1);
  const search = {
    lifts: liftModels(fitModels(rounds, log, spreads), spreads, rounds),
    tested: arms.map(({ weights }) => weights),
    baseline: world.baseline,
    generator: 'noisy_expected_improvement',
    noise: HEADS.map((_, t) => {
      const [control, ...others] = rounds[0].map(({ mean, standardError }) => ({
        mean: mean[t]!,
        variance: standardError[t]! ** 2,
      }));
      return readNoise(control, others);
    }),
    confidence: DEFAULT_CONFIDENCE,
  } as const;
  const { gaining, filling } = nextArms(search, ARMS, random);
  return [...gaining, ...filling];
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i]);
}
