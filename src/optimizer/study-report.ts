import type { Direction } from '../domain/metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { candidateTrials, type Observation, type Trial, type Weights } from '../domain/trial.ts';
import { bestTrial, type BestTrial } from './best-trial.ts';
import { baselineMetrics, type GuardrailBound, guardrailBounds, slackOf } from './guardrail-bounds.ts';
import { directionOf } from './metric-roles.ts';
import type { FittedMetrics } from './propose.ts';
import { observedTrials } from './training-data.ts';

/** A guardrail binds where its slack is under this share of what its metric ranged over the trials. */
const BINDING_SHARE = 0.01;

export interface MetricReport {
  readonly metric: string;
  readonly direction: Direction;
  readonly baseline: number | null;
  readonly value: number;
  /** value − baseline. */
  readonly change: number | null;
  /** (value − baseline)/|baseline|. */
  readonly relativeChange: number | null;
}

export interface GuardrailReport {
  readonly guardrail: string;
  readonly metric: string;
  readonly relation: '>=' | '<=';
  readonly bound: number;
  readonly value: number;
  /** Negative where the guardrail is violated, in the metric's units. */
  readonly slack: number;
  readonly met: boolean;
  readonly binds: boolean;
}

export interface TrialReport {
  readonly trial: number;
  readonly weights: Weights;
  readonly rule: BestTrial['rule'];
  readonly feasible: boolean;
  readonly metrics: readonly MetricReport[];
  readonly guardrails: readonly GuardrailReport[];
}

/** What a study has found so far. The same trials give the same report. */
export interface StudyReport {
  readonly study: string;
  readonly seed: number;
  readonly budget: number | null;
  readonly completed: number;
  readonly running: number;
  /** Completed candidates whose observed values meet every guardrail; null while bounds are unknown. */
  readonly feasible: number | null;
  /** The best feasible trial, or the one nearest to feasibility where `feasible` is false; null before any. */
  readonly best: TrialReport | null;
}

export function studyReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics = {},
): StudyReport {
  const bounds = guardrailBounds(definition, trials);
  const best = bestTrial(definition, trials, fitted);
  const candidates = candidateTrials(trials);
  const meetsAll = ({ observations }: Trial): boolean =>
    bounds!.every((bound) => slackOf(bound, observations[bound.metric]!.mean) >= 0);
  return {
    study: definition.name,
    seed: definition.seed,
    budget: definition.budget ?? null,
    completed: candidates.filter(({ state }) => state === 'completed').length,
    running: candidates.filter(({ state }) => state === 'running').length,
    feasible: bounds === undefined ? null : observedTrials(candidates).filter(meetsAll).length,
    best: best === undefined ? null : trialReport(definition, trials, best, bounds!),
  };
}

function trialReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
  best: BestTrial,
  bounds: readonly GuardrailBound[],
): TrialReport {
  const { observations, weights } = observedTrials(trials).find(({ number }) => number === best.number)!;
  const baseline = baselineMetrics(definition, trials) ?? {};
  return {
    trial: best.number,
    weights,
    rule: best.rule,
    feasible: best.feasible,
    metrics: inReportOrder(definition, Object.keys(observations)).map((metric) =>
      metricReport(metric, directionOf(definition, metric), observations[metric]!, baseline[metric]),
    ),
    guardrails: bounds.map((bound) => guardrailReport(bound, observations[bound.metric]!, trials)),
  };
}

/** The objective, the guardrails' metrics, then the others by head and name. */
function inReportOrder(
  { objective, guardrails }: StudyDefinition,
  metrics: readonly string[],
): readonly string[] {
  const first = [objective.metric, ...guardrails.map(({ metric }) => metric)];
  return [...new Set([...first, ...[...metrics].sort()])];
}

function metricReport(
  metric: string,
  direction: Direction,
  { mean: value }: Observation,
  baseline: number | undefined,
): MetricReport {
  if (baseline === undefined)
    return { metric, direction, baseline: null, value, change: null, relativeChange: null };
  const change = value - baseline;
  const relativeChange = baseline === 0 ? null : change / Math.abs(baseline);
  return { metric, direction, baseline, value, change, relativeChange };
}

function guardrailReport(
  bound: GuardrailBound,
  { mean: value }: Observation,
  trials: readonly Trial[],
): GuardrailReport {
  const values = observedTrials(trials).map(({ observations }) => observations[bound.metric]!.mean);
  const range = Math.max(...values) - Math.min(...values);
  const slack = slackOf(bound, value);
  return {
    guardrail: bound.text,
    metric: bound.metric,
    relation: bound.relation,
    bound: bound.bound,
    value,
    slack,
    met: slack >= 0,
    binds: slack >= 0 && slack <= BINDING_SHARE * range,
  };
}
