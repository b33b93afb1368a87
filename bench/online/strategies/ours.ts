import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomStream } from '../../../math/random.ts';
import { DEFAULT_PROMISED } from '../../../src/domain/experiment.ts';
import { probabilitySpreads } from '../../../src/evaluator/probability-spread.ts';
import { searchArms } from '../../../src/online/arms/search-arms.ts';
import { chooseArms } from '../../../src/online/transfer/choose-arms.ts';
import { placed, placeOn } from '../../../src/online/transfer/place-weights.ts';
import { promisedLifts } from '../../../src/online/transfer/promised-lifts.ts';
import { HEADS } from '../world/heads.ts';
import { offlineMetrics } from '../world/offline-metrics.ts';
import { WEIGHT_SPACE } from '../world/weight-space.ts';
import { liftModels, modelledRounds } from './modelled.ts';
import { spaceFillingArms } from './online.ts';
import { ARMS, LIFT_GUARDRAILS, type Strategy } from './strategy.ts';

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
  const place = placeOn(WEIGHT_SPACE, spreads);
  const X = placed(design, place);
  const scored = design.map(metricsOf);
  const models = HEADS.map((head, t) =>
    promisedLifts(head, { X, y: Float64Array.from(scored, (metrics) => metrics[t]!) }, place(world.baseline)),
  );
  const search = {
    lifts: liftModels(models, spreads, []),
    guardrails: LIFT_GUARDRAILS,
    tested: [],
    baseline: world.baseline,
    rule: chooseArms,
  };
  const promised = searchArms(search, DEFAULT_PROMISED, random);
  // The arms of online-only first: what the log promises takes the place of its last ones.
  const filling = spaceFillingArms(world).slice(0, ARMS - promised.length);
  return modelledRounds(world, 'ours', [...filling, ...promised], { metricsOf, design, spreads });
};
