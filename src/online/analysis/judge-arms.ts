import { type Random, randomStream } from '../../../math/random.ts';
import type { RoundGenerator } from '../../domain/experiment.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import type { Weights } from '../../domain/trial.ts';
import { toVector } from '../../optimizer/encode.ts';
import { nextRoundArms } from '../arms/next-round-arms.ts';
import type { OnlineEvidence } from '../arms/online-evidence.ts';
import type { Proposal } from '../arms/proposed-arm.ts';
import type { Estimate } from '../plan/estimate.ts';
import { expectedGainWithinGuardrails, type LiftNoise } from '../plan/gain-within-guardrails.ts';
import { decideShipment, DEFAULT_CONFIDENCE } from '../transfer/decide-shipment.ts';
import type { LiftSamples } from '../transfer/lift-guardrail.ts';
import { liftMoments } from '../transfer/lift-moments.ts';
import { drawLifts } from '../transfer/lift-models.ts';
import { LIFT_DRAWS, onlineModels, type OnlineModels } from '../transfer/online-models.ts';
import { type BelievedArm, believedArms } from './believed-arms.ts';
import { type MetricTransfer, metricTransfer } from './metric-transfer.ts';

const GAIN_DRAWS = 4096;

/** What the joint posterior says of one arm; of the objective more is better. */
export interface JudgedArm extends BelievedArm {
  readonly experiment: number;
  readonly arm: string;
  /** Its round read out the objective and all guardrails' metrics of it. */
  readonly tested: boolean;
}

/** An experiment that could be next: how many arms, and the relative variances that their readout would have. */
export interface PossibleExperiment {
  readonly arms: number;
  readonly noise: Readonly<Record<string, LiftNoise>>;
}

export interface NextRound {
  readonly count: number;
  readonly generator: RoundGenerator;
  readonly given: readonly Weights[];
  readonly experiments: readonly PossibleExperiment[];
}

export interface JudgedArms {
  /** As `OnlineEvidence` has them: where the models see weights follows from them. */
  readonly spreads: Readonly<Record<string, number>> | null;
  readonly metrics: readonly MetricTransfer[];
  /** Every arm that was read out, in the order of the rounds. */
  readonly arms: readonly JudgedArm[];
  /** What would be shipped now, of the arms that may be; null where the baseline would stay. */
  readonly shipment: {
    readonly arm: string;
    readonly expectedLift: number;
    readonly probabilityMet: number;
  } | null;
  /** The arms of the next round, what is believed of them, and what each experiment asked about is expected to lead to. */
  readonly next:
    | (Proposal & {
        readonly foretold: readonly BelievedArm[];
        readonly gains: readonly Estimate[];
      })
    | null;
}

/**
 * Judges all arms by the joint posterior of log and rounds, and says what the next round would be.
 *
 * Shipped are tested arms alone. `barred` names arms that may not be shipped either, whatever the posterior says. Throws as `onlineModels`.
 */
export function judgeArms(
  definition: StudyDefinition,
  evidence: OnlineEvidence,
  confidence: number,
  seed: number,
  barred: readonly string[],
  next: NextRound | null,
): JudgedArms {
  const models = onlineModels(definition, evidence);
  const { objective, guardrails } = definition.online!;
  const needed = [objective, ...guardrails].map(({ metric }) => metric);
  const run = evidence.rounds.flatMap(({ experiment, arms, metrics }) =>
    arms.slice(1).map(({ name, weights }) => ({
      experiment,
      name,
      weights,
      tested: needed.every((metric) => metrics[metric]?.some(({ arm }) => arm === name)),
    })),
  );
  const rounds = evidence.rounds.length;
  const weights = run.map((arm) => arm.weights);
  const samples = drawnAt(models, weights, randomStream(seed, 'online', 'judge', rounds));
  const judged = believedArms(models, samples).map((each, i) => ({
    experiment: run[i]!.experiment,
    arm: run[i]!.name,
    tested: run[i]!.tested,
    ...each,
  }));
  const allowed = run.map(({ name, tested }) => tested && !barred.includes(name));
  const shipped = decideShipment(
    only(samples, allowed),
    models.lifts.objective,
    models.lifts.guardrails,
    confidence,
  );
  const shippable = run.filter((_, i) => allowed[i]);
  return {
    spreads: evidence.spreads,
    metrics: models.models.map((model) => metricTransfer(definition.online!, model)),
    arms: judged,
    shipment:
      shipped.point < 0
        ? null
        : {
            arm: shippable[shipped.point]!.name,
            expectedLift: shipped.expectedLift,
            probabilityMet: shipped.probabilityMet,
          },
    next:
      next &&
      foretell(
        models,
        evidence,
        weights,
        confidence,
        definition.confidence ?? DEFAULT_CONFIDENCE,
        seed,
        next,
      ),
  };
}

function foretell(
  models: OnlineModels,
  evidence: OnlineEvidence,
  tested: readonly Weights[],
  confidence: number,
  planned: number,
  seed: number,
  { count, generator, given, experiments }: NextRound,
): NonNullable<JudgedArms['next']> {
  const proposal = nextRoundArms(models, evidence, count, generator, seed, given, planned);
  const fresh = [...given, ...proposal.arms.map(({ weights }) => weights)];
  const round = evidence.rounds.length + 1;
  const samples = drawnAt(models, [...tested, ...fresh], randomStream(seed, 'online', 'next', round));
  const foretold = believedArms(models, samples).slice(tested.length + given.length);
  const { objective, objectiveModel, guardrails } = models.lifts;
  const sign = objective === objectiveModel ? 1 : -1;
  const gains = experiments.map(({ arms, noise }) => {
    const points = tested.length + Math.min(arms, fresh.length);
    const metrics = models.models.map(({ metric }, t) => ({
      posterior: liftMoments(firstPoints(samples.metrics[t]!, samples.points, points), points),
      noise: noise[metric]!,
    }));
    const beliefs = {
      metrics,
      objective: { metric: objectiveModel, sign } as const,
      guardrails,
      confidence,
    };
    const random = randomStream(seed, 'online', 'gain', round, arms);
    return expectedGainWithinGuardrails(beliefs, tested.length, GAIN_DRAWS, random);
  });
  return { ...proposal, foretold, gains };
}

function drawnAt(
  { encoding, lifts }: OnlineModels,
  weights: readonly Weights[],
  random: Random,
): LiftSamples {
  const points = weights.map((each) => toVector(encoding, each));
  return drawLifts(lifts, points, LIFT_DRAWS, random);
}

/** The draws at the points that are allowed. */
function only({ count, points, metrics }: LiftSamples, allowed: readonly boolean[]): LiftSamples {
  const kept = [...allowed.keys()].filter((i) => allowed[i]);
  return {
    count,
    points: kept.length,
    metrics: metrics.map((draws) =>
      Float64Array.from({ length: count * kept.length }, (_, at) => {
        const draw = Math.floor(at / kept.length);
        return draws[draw * points + kept[at % kept.length]!]!;
      }),
    ),
  };
}

function firstPoints(draws: Float64Array, points: number, first: number): Float64Array {
  const count = draws.length / points;
  return Float64Array.from(
    { length: count * first },
    (_, at) => draws[Math.floor(at / first) * points + (at % first)]!,
  );
}
