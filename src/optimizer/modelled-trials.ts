import { slackOf } from '../../acquisition/feasibility.ts';
import { observationOf } from '../domain/derived-metric.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations, type Trial } from '../domain/trial.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { modelledMetrics, objectiveSign } from './metric-roles.ts';

/** Completed trials that models are conditioned on at most: time grows as their number cubed, memory as its square. */
export const MOST_MODELLED = 2000;

/** Of those: the best, as many evenly through the sequence, and of the others the latest. */
const BEST = 500;
const EVEN = 500;

/** What was measured of a completed trial, one value a modelled metric, null where there is none. */
export interface TrialOutcome {
  readonly number: number;
  readonly means: readonly (number | null)[];
}

/** Takes the completed trials of a study by number, in any portions, and says which of them are modelled. */
export interface ModelledChoice {
  add(outcomes: readonly TrialOutcome[]): void;
  numbers(): readonly number[];
}

interface Ranked {
  readonly number: number;
  /** Guardrails that its own values violate. */
  readonly violated: number;
  /** As "maximise". */
  readonly value: number;
}

/**
 * Chooses among more completed trials than can be modelled: a function of the trials alone.
 *
 * The 500 best by their own values (fewest violated guardrails first, then the objective; of several objectives each has its
 * share), 500 evenly through the sequence, the first and the last among them, the baseline, and the latest of the others until
 * there are 2,000.
 *
 * `count` is how many will be added.
 */
export function chooseModelled(
  definition: StudyDefinition,
  baseline: Trial | undefined,
  count: number,
): ModelledChoice {
  const metrics = modelledMetrics(definition);
  const bounds = guardrailBounds(definition, baseline === undefined ? [] : [baseline]) ?? [];
  const objectives = objectivesOf(definition).map(({ metric }) => ({
    metric,
    sign: objectiveSign(definition, metric),
  }));
  const share = Math.floor(BEST / objectives.length);
  const best: Ranked[][] = objectives.map(() => []);
  const chosen = new Set<number>();
  let latest: number[] = [];
  let seen = 0;
  const add = (outcomes: readonly TrialOutcome[]): void => {
    const fresh: Ranked[][] = objectives.map(() => []);
    for (const { number, means } of outcomes) {
      const at = seen++;
      if (number === BASELINE_TRIAL || isEven(at, count)) chosen.add(number);
      const observations = observationsOf(metrics, means);
      const violated = violatedGuardrails(definition, bounds, observations);
      if (violated === undefined) continue;
      for (const [k, { metric, sign }] of objectives.entries()) {
        const value = observationOf(definition, observations, metric)?.mean;
        if (value !== undefined) fresh[k]!.push({ number, violated, value: sign * value });
      }
    }
    for (const [k, ranked] of fresh.entries()) {
      best[k] = [...best[k]!, ...ranked].sort(byRank).slice(0, share);
    }
    latest = [...latest, ...outcomes.map(({ number }) => number)].slice(-MOST_MODELLED);
  };
  return {
    add,
    numbers() {
      const all = new Set([...chosen, ...best.flat().map(({ number }) => number)]);
      for (let i = latest.length - 1; i >= 0 && all.size < MOST_MODELLED; i--) all.add(latest[i]!);
      return [...all].sort((a, b) => a - b);
    },
  };
}

/** Whether the trial at this place is one of so many evenly spaced, both ends among them. */
function isEven(at: number, count: number): boolean {
  return (
    Math.ceil((at * (EVEN - 1)) / (count - 1)) !== Math.ceil(((at + 1) * (EVEN - 1)) / (count - 1)) ||
    at === count - 1
  );
}

function observationsOf(metrics: readonly string[], means: readonly (number | null)[]): Observations {
  const found: Observations = {};
  for (const [m, metric] of metrics.entries()) {
    const mean = means[m];
    if (mean !== null && mean !== undefined) found[metric] = { mean, sem: null };
  }
  return found;
}

/** How many guardrails the values violate; undefined where one cannot be told. */
function violatedGuardrails(
  definition: StudyDefinition,
  bounds: readonly GuardrailBound[],
  observations: Readonly<Observations>,
): number | undefined {
  let violated = 0;
  for (const bound of bounds) {
    const observed = observationOf(definition, observations, bound.metric);
    if (observed === undefined) return undefined;
    if (slackOf(bound, observed.mean) < 0) violated++;
  }
  return violated;
}

function byRank(a: Ranked, b: Ranked): number {
  return a.violated - b.violated || b.value - a.value || a.number - b.number;
}
