import type { BelievedArm } from '../online/analysis/believed-arms.ts';
import type { ArmEvidence } from '../online/analysis/recommend.ts';
import { type Recommendation, recommend } from '../online/analysis/recommend.ts';
import type { JudgedArms } from '../online/analysis/judge-arms.ts';
import type { GuardrailResult } from '../online/analysis/analyse-readout.ts';
import type { ProposedWeights } from '../online/arms/proposed-arm.ts';
import type { Estimate } from '../online/plan/estimate.ts';
import { DEFAULT_CONFIDENCE } from '../online/transfer/decide-shipment.ts';
import { experimentRequestSchema, type RoundGenerator } from '../domain/experiment.ts';
import type { Weights } from '../domain/trial.ts';
import { guardrailResults } from './analyse-experiment.ts';
import { forcedNotes } from './forced-notes.ts';
import { nextRound } from './next-round.ts';
import { onlineEvidence, onlineMoment, type OnlineMoment } from './online-evidence.ts';
import { proposeArms } from './propose-arms.ts';
import type { ServiceContext } from './service-context.ts';

/** What is asked beside the study; what is left out, the study says. */
export interface RecommendationAsked {
  /** Arms of the next round, of those that the study chooses; left out, as many as were asked of the last round, 8 before the first. */
  readonly arms?: number | undefined;
  readonly generator?: RoundGenerator | undefined;
  readonly seed?: number | undefined;
  readonly roundsLeft?: number | undefined;
  /** P(all guardrails met) from which an arm may be shipped. */
  readonly confidence?: number | undefined;
  /** The gain, as a fraction, that is worth another round; left out, the objective's relevant effect, or 1 %. */
  readonly relevantGain?: number | undefined;
}

/** An arm of the round that is recommended, under the name that it will have. */
export interface RecommendedArm extends ProposedWeights {
  readonly name: string;
  /** What the joint posterior foretells; null before the first readout. */
  readonly foretold: BelievedArm | null;
}

/** What to do next, in words and numbers. */
export interface NextStep {
  readonly study: string;
  readonly action: Recommendation['action'] | 'wait';
  /** To ship. */
  readonly arm: string | null;
  /** Its weights. */
  readonly weights: Weights | null;
  /** To run, or to wait for. */
  readonly round: number | null;
  /** Of the round to run. */
  readonly arms: readonly RecommendedArm[];
  readonly reasons: readonly string[];
  readonly roundsLeft: number;
  readonly confidence: number;
  readonly relevantGain: number;
  /** What would be shipped after one more round is expected to gain over the baseline; null before the first readout. */
  readonly gainAfterNextRound: Estimate | null;
  /** That, less what can be shipped now. */
  readonly furtherGain: number | null;
  /** What is believed of each tested arm, with the verdicts of its own round. */
  readonly evidence: readonly (ArmEvidence & { readonly experiment: number })[];
  readonly transfer: JudgedArms['metrics'];
  /** By which the models see weights; null where no log told any. */
  readonly spreads: JudgedArms['spreads'];
  readonly notes: readonly string[];
}

const RELEVANT_GAIN = 0.01;

/**
 * Ship an arm, run another round with these arms, wait for a readout, or stop, by the joint posterior of log and rounds.
 *
 * An arm may be shipped where it was tested, its posterior mean gains, all guardrails are met together with `confidence`, and its own round
 * does not show one to be missed. Arms are those that `createExperiment` would choose with the same settings.
 *
 * Throws `study_not_found`, and `experiment_invalid` where rounds cannot be modelled.
 */
export async function recommendNext(
  context: Pick<ServiceContext, 'store' | 'pool'>,
  studyId: string,
  asked: RecommendationAsked = {},
): Promise<NextStep> {
  const moment = await onlineMoment(context.store, studyId);
  const { definition, experiments } = moment;
  const { online } = definition;
  const { evidence } = onlineEvidence(moment);
  // A round that was ended without a readout was not run.
  const run = new Set(moment.readouts.map(({ experiment }) => experiment));
  const settings = {
    roundsLeft: asked.roundsLeft ?? Math.max(0, online.rounds - run.size),
    confidence: asked.confidence ?? definition.confidence ?? DEFAULT_CONFIDENCE,
    relevantGain:
      asked.relevantGain ?? online.metrics[online.objective.metric]!.relevantEffect ?? RELEVANT_GAIN,
  };
  const blank = {
    study: studyId,
    arm: null,
    weights: null,
    arms: [],
    ...settings,
    gainAfterNextRound: null,
    furtherGain: null,
    evidence: [],
    transfer: [],
    spreads: evidence.spreads,
    notes: [],
  };
  const forced = forcedNotes(moment.readouts);
  const open = experiments.find(({ state }) => state === 'planned' || state === 'running');
  if (open !== undefined) {
    const reasons = [`Experiment ${open.number} is ${open.state}: its readout comes first.`, ...forced];
    return { ...blank, action: 'wait', round: open.number, reasons };
  }
  const request = requestOf(moment, asked);
  const round = experiments.length + 1;
  if (moment.readouts.length === 0) {
    const { arms, notes } = await proposeArms(context, moment, request);
    return {
      ...blank,
      action: 'run',
      round,
      arms: arms.map((arm, i) => ({ ...arm, name: `r${round}-${i + 1}`, foretold: null })),
      reasons: ['No experiment was read out: nothing is known of any arm on live traffic.'],
      notes,
    };
  }
  const results = await guardrailResults(context, moment);
  const judged = await context.pool.run('judgeArms', {
    definition,
    evidence,
    confidence: settings.confidence,
    seed: request.seed,
    barred: results.filter(({ verdict }) => verdict === 'worse').map(({ arm }) => arm),
    next: nextRound(evidence, request),
  });
  const next = judged.next!;
  const gainAfterNextRound = next.gains[0]!;
  const arms = judged.arms.map((arm) => evidenceOf(arm, results));
  const recommendation = recommend(arms, {
    round: experiments.length,
    ...settings,
    // The posterior shrinks what it believes: an expected gain is one, as `decideShipment` has it.
    betterConfidence: 0,
    gainAfterNextRound,
  });
  const shipped = recommendation.action === 'ship' ? recommendation.arm : null;
  const tested = experiments.flatMap((experiment) => experiment.arms);
  return {
    ...blank,
    action: recommendation.action,
    arm: shipped,
    weights: tested.find(({ name }) => name === shipped)?.weights ?? null,
    round: recommendation.action === 'run' ? round : null,
    arms:
      recommendation.action === 'run'
        ? next.arms.map((arm, i) => ({
            ...arm,
            name: `r${round}-${i + 1}`,
            foretold: next.foretold[i]!,
          }))
        : [],
    reasons: [
      ...forced,
      ...recommendation.reasons,
      ...judged.metrics.map(({ metric, reason }) => `${metric}: ${reason}.`),
    ],
    gainAfterNextRound,
    furtherGain: recommendation.furtherGain,
    evidence: judged.arms.map(({ experiment }, i) => ({ experiment, ...arms[i]! })),
    transfer: judged.metrics,
    notes: recommendation.action === 'run' ? next.notes : [],
  };
}

function requestOf({ definition, experiments }: OnlineMoment, asked: RecommendationAsked) {
  const window = { start: '1970-01-01', end: '1970-01-02' };
  const defaults = experimentRequestSchema.parse({ window });
  // What was left of them after merging says nothing of how many are wanted.
  const before = experiments.at(-1)?.provenance.request.arms ?? 0;
  return {
    ...defaults,
    arms: asked.arms ?? (before > 0 ? before : defaults.arms),
    generator: asked.generator ?? defaults.generator,
    seed: asked.seed ?? definition.seed,
  };
}

function evidenceOf(
  { arm, lift, stddev, better, best, feasible, tested }: JudgedArms['arms'][number],
  results: readonly GuardrailResult[],
): ArmEvidence {
  return {
    arm,
    lift,
    stddev,
    better,
    best,
    feasible,
    guardrails: results.filter((result) => result.arm === arm),
    tested,
  };
}
