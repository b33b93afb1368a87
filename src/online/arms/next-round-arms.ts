import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { randomStream } from '../../../math/random.ts';
import type { RoundGenerator } from '../../domain/experiment.ts';
import type { Weights } from '../../domain/trial.ts';
import { toVector, toWeights } from '../../optimizer/encode.ts';
import type { OnlineModels } from '../transfer/online-models.ts';
import { nextArms } from './next-arms.ts';
import { nextNoise } from './next-noise.ts';
import type { OnlineEvidence } from './online-evidence.ts';
import type { Proposal, ProposedWeights } from './proposed-arm.ts';
import { spreadNotes } from './spread-notes.ts';

/**
 * The arms of a later round (`nextArms`): the batch after which the joint posterior of log and rounds expects to ship most, or Thompson
 * samples of it.
 *
 * `given` are arms that the round has already; `confidence` is P(all guardrails met) from which an arm may be shipped. Where the models name fewer than `count`, the others lie far from all, and the notes say
 * so. Deterministic by seed.
 */
export function nextRoundArms(
  models: OnlineModels,
  evidence: OnlineEvidence,
  count: number,
  generator: RoundGenerator,
  seed: number,
  given: readonly Weights[],
  confidence: number,
): Proposal {
  if (count === 0) return { arms: [], notes: [] };
  const { encoding, lifts } = models;
  const { rounds } = evidence;
  const tested = [...rounds.flatMap(({ arms }) => arms.slice(1).map(({ weights }) => weights)), ...given];
  const noise = nextNoise(evidence, given.length + count);
  const { gaining, filling } = nextArms(
    {
      lifts,
      tested: tested.map((weights) => toVector(encoding, weights)),
      baseline: toVector(encoding, rounds[0]!.arms[0]!.weights),
      generator,
      noise: models.models.map(({ metric }) => noise[metric]!),
      confidence,
    },
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
            : 'adds most to what is expected to be shipped after the round, by the joint posterior of log and rounds',
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
