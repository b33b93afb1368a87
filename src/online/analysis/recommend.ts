import type { Estimate } from '../plan/estimate.ts';
import type { Verdict } from './guardrail-verdict.ts';

/** What is believed of one arm against the baseline. */
export interface ArmEvidence {
  readonly arm: string;
  /** Posterior lift of the objective over the baseline, more is better, as a fraction; and its standard deviation. */
  readonly lift: number;
  readonly stddev: number;
  readonly better: number;
  readonly best: number;
  readonly feasible: number;
  readonly guardrails: readonly { readonly guardrail: string; readonly verdict: Verdict }[];
  /** Measured in an experiment, and not only foretold by a model. */
  readonly tested: boolean;
}

export interface RecommendationSettings {
  /** The round that was read out, from 1. */
  readonly round: number;
  readonly roundsLeft: number;
  /** The probability with which an arm must be feasible to be shipped. */
  readonly confidence: number;
  /** The same of being better: left out, `confidence`. A posterior that shrinks what it believes may ask for none. */
  readonly betterConfidence?: number;
  /** The smallest gain, as a fraction, that is worth another round. */
  readonly relevantGain: number;
  /** What would be shipped after another round is expected to gain over the baseline, as a fraction. */
  readonly gainAfterNextRound: Estimate;
}

export type Recommendation = { readonly reasons: readonly string[]; readonly furtherGain: number } & (
  | { readonly action: 'ship'; readonly arm: string }
  | { readonly action: 'run'; readonly round: number }
  | { readonly action: 'stop' }
);

/**
 * What to do after a round, and why.
 *
 * An arm may be shipped where it was tested, gains, is better with `betterConfidence` and feasible with `confidence`, and no guardrail is shown
 * worse; of several the one of the largest lift, v. Another round is run where one is left and its furtherGain =
 * gainAfterNextRound − v (v = 0 where none may be shipped) reaches `relevantGain`. Else the arm is shipped, or, where there is
 * none, the baseline stays: stop. The posterior that `gainAfterNextRound` is of has only arms that may yet be feasible.
 *
 * Throws RangeError unless 0 < confidence < 1, `relevantGain` is positive and the expected gain finite.
 */
export function recommend(arms: readonly ArmEvidence[], settings: RecommendationSettings): Recommendation {
  const { round, roundsLeft, confidence, relevantGain, gainAfterNextRound } = settings;
  const { betterConfidence = confidence } = settings;
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence}`);
  const expected = gainAfterNextRound.mean;
  if (!(betterConfidence >= 0 && betterConfidence < 1))
    throw new RangeError(`confidence ${betterConfidence}`);
  if (!Number.isFinite(expected)) throw new RangeError(`expected gain ${expected}`);
  if (!(relevantGain > 0)) throw new RangeError(`relevant gain ${relevantGain}`);
  const byLift = arms.toSorted((a, b) => b.lift - a.lift);
  const shippable = byLift.find((arm) => obstacles(arm, confidence, betterConfidence).length === 0);
  const furtherGain = expected - (shippable?.lift ?? 0);
  const reasons = [
    ...(shippable === undefined ? whyNone(byLift, confidence, betterConfidence) : [describe(shippable)]),
    describeNextRound(furtherGain, settings),
  ];
  if (roundsLeft > 0 && furtherGain >= relevantGain) {
    return { action: 'run', round: round + 1, furtherGain, reasons };
  }
  if (shippable !== undefined) return { action: 'ship', arm: shippable.arm, furtherGain, reasons };
  return { action: 'stop', furtherGain, reasons: [...reasons, 'The baseline stays.'] };
}

/** What keeps an arm from being shipped. */
function obstacles(
  { lift, better, feasible, guardrails, tested }: ArmEvidence,
  confidence: number,
  betterConfidence: number,
): readonly string[] {
  const worse = guardrails.filter(({ verdict }) => verdict === 'worse').map(({ guardrail }) => guardrail);
  return [
    ...(tested ? [] : ['it was not tested']),
    ...(lift > 0 ? [] : ['it gains nothing']),
    ...(better >= betterConfidence ? [] : [`it is better with probability ${share(better)} only`]),
    ...(feasible >= confidence ? [] : [`it meets the guardrails with probability ${share(feasible)} only`]),
    ...worse.map((guardrail) => `it is shown to miss ${guardrail}`),
  ];
}

function describe({ arm, lift, stddev, better, best, feasible, guardrails }: ArmEvidence): string {
  const open = guardrails.filter(({ verdict }) => verdict === 'not shown worse');
  const notShown =
    open.length === 0
      ? ''
      : `; not shown to be met by itself: ${open.map(({ guardrail }) => guardrail).join(', ')}`;
  return (
    `${arm} gains ${percent(lift)} ± ${percent(stddev, false)} and is better with probability ${share(better)}, ` +
    `the best with ${share(best)}, within the guardrails with ${share(feasible)}${notShown}.`
  );
}

function whyNone(
  byLift: readonly ArmEvidence[],
  confidence: number,
  betterConfidence: number,
): readonly string[] {
  if (byLift.length === 0) return ['No arm was read out.'];
  const [first] = byLift;
  const why = obstacles(first!, confidence, betterConfidence).join(', ');
  return [
    `No arm can be shipped; ${first!.arm}, with the largest lift of ${percent(first!.lift)} ± ${percent(first!.stddev, false)}, cannot because ${why}.`,
  ];
}

function describeNextRound(
  furtherGain: number,
  { round, roundsLeft, relevantGain, gainAfterNextRound }: RecommendationSettings,
): string {
  if (roundsLeft <= 0) return 'No round is left.';
  const { standardError } = gainAfterNextRound;
  const compared = furtherGain >= relevantGain ? 'at least' : 'less than';
  return (
    `Round ${round + 1} is expected to gain ${percent(furtherGain)} more (Monte Carlo error ${percent(standardError, false)}), ` +
    `${compared} the ${percent(relevantGain, false)} that a round is worth.`
  );
}

function percent(fraction: number, signed = true): string {
  const text = `${Math.abs(100 * fraction).toFixed(2)} %`;
  if (!signed) return text;
  return `${fraction < 0 ? '-' : '+'}${text}`;
}

/** Two digits, and never a certainty that rounding made. */
function share(probability: number): string {
  if (probability > 0.99 && probability < 1) return probability.toFixed(3).replace('1.000', '>0.999');
  return probability.toFixed(2);
}
