import { sampleStddev } from '../math/statistics.ts';
import { slackOf, type Guardrail } from './feasibility.ts';

/** P(every guardrail holds) from which a noisy trial counts as feasible. */
export const DEFAULT_CONFIDENCE = 0.95;

/** A trial whose own observation misses a bound by more standard errors is out, whatever a model smooths it to. */
export const CLEAR_VIOLATION_SEMS = 3;

export interface TrialOutcome {
  /** Already as "maximise". */
  readonly objective: number;
  /** One value per guardrail. */
  readonly metrics: readonly number[];
}

/** What a model and its own observation say of whether a trial meets the guardrails. */
export interface NoisyFeasibility {
  /** P(every guardrail holds) under the posterior; asked only of trials where it decides. */
  readonly probabilityFeasible: () => number;
  /** By how many standard errors the observation misses the guardrail that it misses most; 0 where it misses none. */
  readonly violation: number;
}

export interface NoisyTrial extends NoisyFeasibility {
  /** Of the posterior, already as "maximise". */
  readonly objectiveMean: number;
}

export interface Incumbent {
  /** Index into the trials. */
  readonly index: number;
  readonly rule: 'best-feasible' | 'least-violating' | 'best-posterior-mean' | 'most-probably-feasible';
  /** Whether the rule takes the trial to meet every guardrail: else there is no best feasible value to improve on. */
  readonly feasible: boolean;
}

/**
 * The incumbent of noise-free trials: the best objective among those whose raw values meet every guardrail; while there
 * is none, the least total violation, Σ_k max(0, −slack_k)/scale_k, ties to the better objective.
 *
 * scale_k is the metric's standard deviation over the trials (n − 1), so that guardrails in different units count alike;
 * |bound| where that is zero, else 1.
 *
 * Undefined without trials.
 */
export function noiseFreeIncumbent(
  trials: readonly TrialOutcome[],
  guardrails: readonly Guardrail[],
): Incumbent | undefined {
  const scales = guardrails.map(
    ({ bound }, k) => spread(trials.map((trial) => trial.metrics[k]!)) || Math.abs(bound) || 1,
  );
  const violation = ({ metrics }: TrialOutcome): number =>
    guardrails.reduce(
      (sum, guardrail, k) => sum + Math.max(0, -slackOf(guardrail, metrics[k]!)) / scales[k]!,
      0,
    );
  const feasible = trials.map(({ metrics }) => guardrails.every((g, k) => slackOf(g, metrics[k]!) >= 0));
  const best = argmax(trials, (i) => (feasible[i] ? [trials[i]!.objective] : undefined));
  if (best !== undefined) return { index: best, rule: 'best-feasible', feasible: true };
  const least = argmax(trials, (i) => [-violation(trials[i]!), trials[i]!.objective]);
  return least === undefined ? undefined : { index: least, rule: 'least-violating', feasible: false };
}

/**
 * The incumbent of noisy trials: the best posterior mean among those that are feasible with the given confidence; while
 * there is none, the highest probability of feasibility.
 *
 * A trial whose own observation misses a guardrail by more than 3 standard errors is never chosen. Undefined when none is
 * left.
 */
export function noisyIncumbent(
  trials: readonly NoisyTrial[],
  confidence = DEFAULT_CONFIDENCE,
): Incumbent | undefined {
  const eligible = Array.from(trials.keys()).filter((i) => isEligible(trials[i]!));
  const ranked = eligible.toSorted((a, b) => trials[b]!.objectiveMean - trials[a]!.objectiveMean);
  const probabilities = new Map<number, number>();
  for (const index of ranked) {
    const probability = trials[index]!.probabilityFeasible();
    if (probability >= confidence) return { index, rule: 'best-posterior-mean', feasible: true };
    probabilities.set(index, probability);
  }
  const likeliest = argmax(trials, (i) => {
    const probability = probabilities.get(i);
    return probability === undefined ? undefined : [probability, trials[i]!.objectiveMean];
  });
  return likeliest === undefined
    ? undefined
    : { index: likeliest, rule: 'most-probably-feasible', feasible: false };
}

/** Whether a trial may be called feasible: with the given confidence, and not clearly violating a guardrail itself. */
export function isConfidentlyFeasible(trial: NoisyFeasibility, confidence = DEFAULT_CONFIDENCE): boolean {
  return isEligible(trial) && trial.probabilityFeasible() >= confidence;
}

function isEligible({ violation }: NoisyFeasibility): boolean {
  return violation <= CLEAR_VIOLATION_SEMS;
}

/** The index whose scores are lexicographically greatest, the first among equals; undefined scores do not take part. */
function argmax(
  trials: readonly unknown[],
  scores: (index: number) => readonly number[] | undefined,
): number | undefined {
  let best: number | undefined;
  let bestScores: readonly number[] = [];
  for (let i = 0; i < trials.length; i++) {
    const candidate = scores(i);
    if (!candidate) continue;
    const difference = candidate.map((score, j) => score - bestScores[j]!).find((delta) => delta !== 0);
    if (best === undefined || (difference !== undefined && difference > 0)) {
      best = i;
      bestScores = candidate;
    }
  }
  return best;
}

function spread(values: readonly number[]): number {
  return values.length < 2 ? 0 : sampleStddev(Float64Array.from(values));
}
