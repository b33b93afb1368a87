import { slackOf } from '../../acquisition/feasibility.ts';
import { observationOf } from '../domain/derived-metric.ts';
import { formatGuardrail, type Guardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations, type Trial } from '../domain/trial.ts';
import { slackBounds, slackWithinBounds } from './slack-within-bounds.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';

/** A study as its search sees it, and its trials. */
export interface SteeredStudy {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
}

/**
 * A study on a log with each guardrail as a metric of its own: the slack less its margin, which is to be at least 0.
 *
 * g_k = d_k − z·se_k, d_k the slack, se_k its standard error (`slackError`), z the study's `guardrailMargin`. On one fixed log
 * g_k is a function of the weights like any other, without noise, and so it is modelled. Of a log in the histogram form g_k is
 * the least that the slack can be (`slackWithinBounds`). A study without a margin, without
 * guardrails, or whose baseline is not measured yet stays as it is.
 */
export function withMargins(definition: StudyDefinition, trials: readonly Trial[]): SteeredStudy {
  const bounds = isMargined(definition) ? guardrailBounds(definition, trials) : undefined;
  if (bounds === undefined || bounds.length === 0) return { definition, trials };
  return {
    definition: {
      ...definition,
      guardrails: definition.guardrails.map((guardrail) => ({
        metric: slackName(guardrail),
        relation: '>=',
        factor: 0,
        offset: 0,
      })),
    },
    trials: trials.map((trial) =>
      trial.state === 'completed' && trial.weights !== null && trial.lacks === undefined
        ? { ...trial, observations: { ...trial.observations, ...slacks(definition, trials, bounds, trial) } }
        : trial,
    ),
  };
}

function isMargined({ guardrailMargin = 0, log }: StudyDefinition): boolean {
  return guardrailMargin > 0 || log?.form === 'histogram';
}

function slackName(guardrail: Guardrail): string {
  return `slack of ${formatGuardrail(guardrail)}`;
}

function slacks(
  definition: StudyDefinition,
  trials: readonly Trial[],
  bounds: readonly GuardrailBound[],
  { observations }: Trial,
): Observations {
  return Object.fromEntries(
    bounds.map((bound, k) => {
      const slack = slackOf(bound, observationOf(definition, observations, bound.metric)!.mean);
      const { margin } = slackMargin(definition, trials, bound, observations)!;
      const bounds = slackBounds(definition, trials, bound, observations, slack);
      return [slackName(definition.guardrails[k]!), { mean: slack - margin, sem: null, ...bounds }];
    }),
  );
}

/** What a slack must reach to count as met: z standard errors of it, or what bounds leave open. */
export interface SlackMargin {
  /** Null where a log is in the histogram form, which has no standard errors. */
  readonly sem: number | null;
  readonly margin: number;
}

/** The margin of a guardrail at a trial; undefined where the study has none. */
export function slackMargin(
  definition: StudyDefinition,
  trials: readonly Trial[],
  guardrail: Pick<Guardrail, 'metric' | 'relation' | 'factor'>,
  observations: Readonly<Observations>,
): SlackMargin | undefined {
  if (!isMargined(definition)) return undefined;
  if (definition.log?.form === 'histogram') {
    return { sem: null, margin: slackWithinBounds(definition, trials, guardrail, observations) };
  }
  const sem = slackError(definition, trials, guardrail, observations);
  return { sem, margin: definition.guardrailMargin! * sem };
}

/**
 * The standard error of m − c·b, m a metric at a trial and b at the baseline; that of m alone where the bound is no
 * measurement. Throws RangeError where the trial has none.
 */
function slackError(
  definition: StudyDefinition,
  trials: readonly Trial[],
  { metric, factor }: Pick<Guardrail, 'metric' | 'factor'>,
  observations: Readonly<Observations>,
): number {
  const { sem } = observationOf(definition, observations, metric)!;
  if (sem === null) throw new RangeError(`${metric} has no standard error`);
  if (factor === 0) return sem;
  return pairedErrors(definition, trials, metric, observations)?.(factor) ?? sem;
}

/**
 * The standard error of m − c·b as a function of c ≥ 0; null where the log did not measure both.
 *
 * Var(m − c·b) = (1 − c)(Var m − c·Var b) + c·Var(m − b)
 */
export function pairedErrors(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
  observations: Readonly<Observations>,
): ((factor: number) => number) | null {
  const { sem, changeSem } = observationOf(definition, observations, metric)!;
  const baseline = trials.find(({ number }) => number === BASELINE_TRIAL)?.observations ?? {};
  const baselineSem = observationOf(definition, baseline, metric)?.sem ?? null;
  if (sem === null || changeSem === undefined || baselineSem === null) return null;
  return (c) => {
    const variance = (1 - c) * (sem ** 2 - c * baselineSem ** 2) + c * changeSem ** 2;
    return Math.sqrt(Math.max(0, variance));
  };
}
