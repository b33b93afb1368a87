import { type Random, randomStream } from '../../../math/random.ts';
import type { EngagementLog } from '../../../src/evaluator/engagement-log.ts';
import { bestWeights, type BestWeights, type MetricsOfWeights } from './best-weights.ts';
import { drawParameters, type WorldParameters } from './draw-world.ts';
import { OBJECTIVE } from './heads.ts';
import { type Kind, KIND_PRIORS } from './kinds.ts';
import { drawLog } from './log.ts';
import { drawUselessLog } from './useless-log.ts';
import { offlineMetrics } from './offline-metrics.ts';
import { drawPopulation, type Population } from './population.ts';
import { trueMetrics } from './true-metrics.ts';

/** A world with its log and the weights that are served today. */
export interface World {
  readonly kind: Kind;
  readonly seed: number;
  readonly parameters: WorldParameters;
  readonly population: Population;
  readonly log: EngagementLog;
  /** The hand-picked weights. */
  readonly baseline: Float64Array;
  /** What is true of weights, per user of an experiment; and what the log says of them. */
  readonly truth: MetricsOfWeights;
  readonly offline: MetricsOfWeights;
}

/** Shares of the utility that a team would begin with, and the standard deviation of their logarithms between teams. */
const HAND_CENTRE = [0.25, 0.25, 0.35, 0.15];
const HAND_SPREAD = 0.8;

/** The world of a kind and seed: the same arguments give the same world. */
export function drawWorld(kind: Kind, seed: number): World {
  const stream = (purpose: string, draw = 0): Random => randomStream(seed, 'world', kind, purpose, draw);
  const parameters = drawParameters(kind, stream('parameters'));
  const population = drawPopulation(parameters, stream('population'));
  const truth: MetricsOfWeights = (weights) => trueMetrics(parameters, population, weights);
  const log =
    KIND_PRIORS[kind].mostCorrelation >= 1
      ? drawLog(parameters, stream('log'))
      : drawUselessLog(parameters, truth, stream);
  return {
    kind,
    seed,
    parameters,
    population,
    log,
    truth,
    baseline: handPickedWeights(truth, KIND_PRIORS[kind].handPicked, stream('baseline')),
    offline: offlineMetrics(log),
  };
}

/** Effort of the search for the true optimum. */
const OPTIMUM_SEARCH = { uniform: 250, steps: 250 };

/** The true optimum under the true guardrails. */
export function trueOptimum({ kind, seed, truth, baseline }: World): BestWeights {
  return bestWeights(truth, baseline, OPTIMUM_SEARCH, randomStream(seed, 'world', kind, 'optimum'));
}

/** Effort of an offline sweep, far more than it needs: it is free. */
const OFFLINE_SEARCH = { uniform: 150, steps: 100 };

/** The optimum that the log promises, under the same guardrails on the log. */
export function offlineOptimum({ kind, seed, offline, baseline }: World): BestWeights {
  return bestWeights(offline, baseline, OFFLINE_SEARCH, randomStream(seed, 'world', kind, 'offline'));
}

/** The best in the objective of a few that a team thought of: what its earlier experiments left standing. */
function handPickedWeights(truth: MetricsOfWeights, count: number, random: Random): Float64Array {
  const thoughtOf = Array.from({ length: count }, () => {
    const shares = Float64Array.from(HAND_CENTRE, (share) => share * Math.exp(HAND_SPREAD * random.normal()));
    const total = shares.reduce((sum, share) => sum + share, 0);
    return shares.map((share) => share / total);
  });
  const worth = thoughtOf.map((weights) => truth(weights)[OBJECTIVE]!);
  return thoughtOf[worth.indexOf(Math.max(...worth))]!;
}
