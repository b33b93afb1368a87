import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { maximinSubset } from '../../../math/polytope/space-filling-design.ts';
import { randomStream } from '../../../math/random.ts';
import type { RoundGenerator } from '../../domain/experiment.ts';
import type { Weights } from '../../domain/trial.ts';
import { toVector, toWeights } from '../../optimizer/encode.ts';
import { chooseArms } from '../transfer/choose-arms.ts';
import type { LiftGuardrail, LiftSamples } from '../transfer/lift-guardrail.ts';
import { drawLifts, type OnlineModels } from '../transfer/online-models.ts';
import { thompsonArms } from '../transfer/thompson-arms.ts';
import type { OnlineEvidence } from './online-evidence.ts';
import type { Proposal, ProposedWeights } from './proposed-arm.ts';

/** Candidates: uniform ones, then some on the way from the best of them towards uniform ones. */
const UNIFORM = 160;
const NEARBY = 80;
/** At most so far on the way: a step is then mostly within a tenth of the polytope. */
const LONGEST_STEP = 0.25;
/** Standard errors of a lift that arms keep clear of the bounds, so that their readout can show that they meet them. */
const CLEARANCE = 1;

/**
 * The arms of a later round: the batch that the joint posterior of log and rounds expects to gain most, or Thompson samples of it.
 *
 * Chosen twice: among uniform weights, then among those chosen, those near them. Where the models name fewer than `count`, the
 * traffic that is left looks elsewhere: weights far from all others, and the notes say so. Deterministic by seed.
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
  const { encoding } = models;
  const { polytope } = encoding;
  const round = evidence.rounds.length + 1;
  const random = randomStream(seed, 'online', 'candidates', round);
  const tested = [
    ...evidence.rounds.flatMap(({ arms }) => arms.slice(1).map(({ weights }) => weights)),
    ...given,
  ];
  const asWeights = (point: Float64Array): Weights => toWeights(encoding, roundToPolytope(polytope, point));
  const uniform = samplePolytope(polytope, UNIFORM, random);
  const guardrails = clearOf(models, evidence);
  const choose = generator === 'thompson' ? thompsonArms : chooseArms;
  const draw = (points: readonly Weights[], label: string): LiftSamples =>
    drawLifts(models, points, seed, label, round);

  const wide = [...tested, ...uniform.map(asWeights)];
  const promising = choose(draw(wide, 'wide'), models.objective, guardrails, 0, count).map((i) => wide[i]!);
  const centres = promising.length > 0 ? promising : [evidence.rounds[0]!.arms[0]!.weights];
  const near = Array.from({ length: NEARBY }, (_, i) => {
    const from = toVector(encoding, centres[i % centres.length]!);
    const towards = uniform[random.integer(UNIFORM)]!;
    const step = LONGEST_STEP * random.uniform();
    return asWeights(from.map((value, k) => value + step * (towards[k]! - value)));
  });
  const fresh = promising.filter((weights) => !tested.includes(weights));
  const points = [...tested, ...fresh, ...near];
  const chosen = choose(draw(points, 'near'), models.objective, guardrails, tested.length, count);
  const arms = chosen.map((i): ProposedWeights => ({
    weights: points[i]!,
    generator,
    reason:
      generator === 'thompson'
        ? 'the best feasible weights in a draw of the joint posterior of log and rounds'
        : 'adds most to the expected gain of the batch, by the joint posterior of log and rounds',
  }));
  const left = count - arms.length;
  if (left === 0) return { arms, notes: [] };
  const existing = [evidence.rounds[0]!.arms[0]!.weights, ...tested, ...arms.map(({ weights }) => weights)];
  const filling = maximinSubset(
    polytope,
    uniform,
    left,
    existing.map((weights) => toVector(encoding, weights)),
  );
  return {
    arms: [
      ...arms,
      ...filling.map((point): ProposedWeights => ({
        weights: asWeights(point),
        generator: 'space_filling',
        reason: 'far from all arms: the models expect no other to gain',
      })),
    ],
    notes: [`the models name ${arms.length} arms that may gain: ${left} look elsewhere`],
  };
}

/** The guardrails with bounds that are met by as much as the last round's lifts were uncertain. */
function clearOf({ models, guardrails }: OnlineModels, { rounds }: OnlineEvidence): readonly LiftGuardrail[] {
  return guardrails.map((guardrail) => {
    const name = models[guardrail.metric]!.metric;
    const last = rounds.findLast(({ metrics }) => metrics[name] !== undefined)!;
    const baseline = last.metrics[name]!.find(({ arm }) => arm === last.arms[0]!.name)!;
    const margin = (CLEARANCE * Math.SQRT2 * Math.sqrt(baseline.variance)) / baseline.mean;
    const bound = guardrail.relation === '>=' ? guardrail.bound + margin : guardrail.bound - margin;
    return { ...guardrail, bound };
  });
}
