import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomStream } from '../../../math/random.ts';
import { probabilitySpreads } from '../../../src/evaluator/probability-spread.ts';
import { promisedLifts } from '../../../src/online/transfer/promised-lifts.ts';
import { shareRoots } from '../../../src/online/transfer/share-roots.ts';
import { HEADS } from '../world/heads.ts';
import { offlineMetrics } from '../world/offline-metrics.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import { modelledRounds } from './modelled.ts';
import { spaceFillingArms } from './online.ts';
import { type Place, searchArms, stacked } from './search-arms.ts';
import { ARMS, LIFT_GUARDRAILS, type Strategy } from './strategy.ts';

/** Arms of the first round that the log promises; the others do not depend on it. */
const PROMISED = 2;
const LOG_EVALUATIONS = 32;
/**
 * As deep in its candidates as a slate in its own: six of 16 online are three of the eight that a request of the log has. Over
 * weights near the best this follows the truth more closely than a cut-off of 6.
 */
const LOG_METRIC = 'ndcg@3';

/**
 * The log, then experiments: two of the first round's arms are what the log promises if it can be trusted, the others fill the
 * space; the models then learn how far it can, metric by metric.
 */
export const ours: Strategy = (world) => {
  const metricsOf = offlineMetrics(world.log, LOG_METRIC);
  const spreads = probabilitySpreads(world.log);
  const random = randomStream(world.seed, 'strategy', 'ours', world.kind);
  const design = spaceFillingDesign(WEIGHT_SPACE, LOG_EVALUATIONS, random, [world.baseline]);
  const place: Place = (weights) => shareRoots(weights, spreads);
  const X = stacked(design, place);
  const scored = design.map(metricsOf);
  const models = HEADS.map((head, t) =>
    promisedLifts(head, { X, y: Float64Array.from(scored, (metrics) => metrics[t]!) }, place(world.baseline)),
  );
  const search = { models, place, tested: [], guardrails: LIFT_GUARDRAILS, centre: world.baseline };
  const promised = searchArms(search, PROMISED, random);
  // The arms of online-only first: what the log promises takes the place of its last ones.
  const filling = spaceFillingArms(world).slice(0, ARMS - promised.length);
  return modelledRounds(world, 'ours', [...filling, ...promised], { metricsOf, design, spreads });
};
