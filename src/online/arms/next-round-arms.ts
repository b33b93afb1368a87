import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { randomStream } from '../../../math/random.ts';
import type { RoundGenerator } from '../../domain/experiment.ts';
import type { Weights } from '../../domain/trial.ts';
import { toVector, toWeights } from '../../optimizer/encode.ts';
import { chooseArms } from '../transfer/choose-arms.ts';
import type { OnlineModels } from '../transfer/online-models.ts';
import { thompsonArms } from '../transfer/thompson-arms.ts';
import { nextArms, type ServedMetric } from './next-arms.ts';
import type { OnlineEvidence } from './online-evidence.ts';
import type { Proposal, ProposedWeights } from './proposed-arm.ts';
import { spreadNotes } from './spread-notes.ts';

/**
 * The arms of a later round (`nextArms`): the batch that the joint posterior of log and rounds expects to gain most, or Thompson
 * samples of it.
 *
 * `given` are arms that the round has already. Where the models name fewer than `count`, the others lie far from all, and the notes say
 * so. Deterministic by seed.
 */
export function nextRoundArms(
  models: OnlineModels,
  evidence: OnlineEvidence,
  count: number,
  generator: RoundGenerator,
  seed: number,
  given: readonly Weights[],
): Proposal {
  if (count === 0) return { arms: [], notes: [] };
  const { encoding, lifts } = models;
  const { rounds } = evidence;
  const tested = [...rounds.flatMap(({ arms }) => arms.slice(1).map(({ weights }) => weights)), ...given];
  const { gaining, filling } = nextArms(
    {
      lifts,
      tested: tested.map((weights) => toVector(encoding, weights)),
      baseline: toVector(encoding, rounds[0]!.arms[0]!.weights),
      rule: generator === 'thompson' ? thompsonArms : chooseArms,
    },
    models.models.map(({ metric }) => servedMetric(evidence, metric)),
    count,
    randomStream(seed, 'online', 'candidates', rounds.length + 1),
  );
  const asWeights = (point: Float64Array): Weights =>
    toWeights(encoding, roundToPolytope(encoding.polytope, point));
  return {
    arms: [
      ...gaining.map((point): ProposedWeights => ({
        weights: asWeights(point),
        generator,
        reason:
          generator === 'thompson'
            ? 'the best feasible weights in a draw of the joint posterior of log and rounds'
            : 'adds most to the expected gain of the batch, by the joint posterior of log and rounds',
      })),
      ...filling.map((point): ProposedWeights => ({
        weights: asWeights(point),
        generator: 'space_filling',
        reason: 'far from all arms: the models expect no other to gain',
      })),
    ],
    notes: [
      ...spreadNotes(evidence),
      ...(filling.length === 0
        ? []
        : [`the models name ${gaining.length} arms that may gain: ${filling.length} look elsewhere`]),
    ],
  };
}

/** By the last round that has the metric. */
function servedMetric({ rounds }: OnlineEvidence, metric: string): ServedMetric {
  const last = rounds.findLast(({ metrics }) => metrics[metric] !== undefined)!;
  const { mean, variance } = last.metrics[metric]!.find(({ arm }) => arm === last.arms[0]!.name)!;
  return { mean, standardError: Math.sqrt(variance) };
}
