import { type Moments, predict } from '../../gp/posterior.ts';
import type { Direction } from '../domain/metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import {
  candidateTrials,
  type Observation,
  type Trial,
  type TrialState,
  type Weights,
} from '../domain/trial.ts';
import { bestTrial, type BestTrial } from './best-trial.ts';
import { baselineMetrics, type GuardrailBound, guardrailBounds, slackOf } from './guardrail-bounds.ts';
import { encodeStudy, type StudyEncoding, toUnitCube } from './encode.ts';
import { guardrailSlack, probabilityMet } from './guardrail-slack.ts';
import { directionOf, modelledMetrics, objectiveSign } from './metric-roles.ts';
import { type FittedMetrics, type MetricModels, metricModels } from './metric-models.ts';
import { isNoiseFree, observedTrials } from './training-data.ts';

/** A guardrail binds where its slack is under this share of what its metric ranged over the trials. */
const BINDING_SHARE = 0.01;

export interface MetricReport {
  readonly direction: Direction;
  readonly baseline: number | null;
  readonly value: number;
  /** Standard error of `value` as it was measured; null where it is not known. */
  readonly sem: number | null;
  /** What the model makes of all trials at these weights; null where metrics have no noise. */
  readonly posterior: { readonly mean: number; readonly stddev: number } | null;
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
  /** P(met) under the model; null where metrics have no noise. */
  readonly probability: number | null;
}

export interface TrialReport {
  readonly number: number;
  readonly weights: Weights;
  readonly rule: BestTrial['rule'];
  readonly feasible: boolean;
  /** Whether its objective, as observed, is better than the baseline's; null where that is not known. */
  readonly beatsBaseline: boolean | null;
  /** By name: the objective, the guardrails' metrics, then the others sorted. */
  readonly metrics: Readonly<Record<string, MetricReport>>;
  readonly guardrails: readonly GuardrailReport[];
}

/** Of the candidates alone: the baseline, trial 0, counts for none of them. */
export interface TrialCounts {
  readonly completed: number;
  readonly running: number;
  /** Completed ones whose observed values meet every guardrail; null while bounds are unknown. */
  readonly feasible: number | null;
}

/** What a study has found so far. The same trials give the same report. */
export interface StudyReport {
  readonly study: string;
  readonly seed: number;
  readonly budget: number | null;
  readonly counts: TrialCounts;
  /** The best feasible trial, or the one nearest to feasibility where `feasible` is false; null before any. */
  readonly best: TrialReport | null;
}

/** `fitted` has the hyperparameters of every modelled metric where some metric has noise. */
export function studyReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics = {},
): StudyReport {
  const encoding = encodeStudy(definition);
  const bounds = guardrailBounds(definition, trials);
  const modelled = !isNoiseFree(definition, modelledMetrics(definition)) && observedTrials(trials).length > 0;
  const models = modelled ? metricModels(definition, encoding, trials, fitted) : undefined;
  const best = bestTrial(definition, trials, models);
  return {
    study: definition.name,
    seed: definition.seed,
    budget: definition.budget ?? null,
    counts: trialCounts(candidateTrials(trials), bounds),
    best: best === undefined ? null : trialReport({ definition, trials, encoding, models }, best, bounds!),
  };
}

interface ReportContext {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly encoding: StudyEncoding;
  readonly models: MetricModels | undefined;
}

function trialCounts(
  candidates: readonly Trial[],
  bounds: readonly GuardrailBound[] | undefined,
): TrialCounts {
  const inState = (wanted: TrialState): number => candidates.filter(({ state }) => state === wanted).length;
  const meetsAll = ({ observations }: Trial): boolean =>
    bounds!.every((bound) => slackOf(bound, observations[bound.metric]!.mean) >= 0);
  return {
    completed: inState('completed'),
    running: inState('running'),
    feasible: bounds === undefined ? null : observedTrials(candidates).filter(meetsAll).length,
  };
}

function trialReport(
  context: ReportContext,
  best: BestTrial,
  bounds: readonly GuardrailBound[],
): TrialReport {
  const { definition, trials } = context;
  const { observations, weights } = observedTrials(trials).find(({ number }) => number === best.number)!;
  const baseline = baselineMetrics(definition, trials) ?? {};
  return {
    number: best.number,
    weights,
    rule: best.rule,
    feasible: best.feasible,
    beatsBaseline: beatsBaseline(definition, observations, baseline),
    metrics: Object.fromEntries(
      inReportOrder(definition, Object.keys(observations)).map((metric) => [
        metric,
        {
          direction: directionOf(definition, metric),
          ...observedChange(observations[metric]!, baseline[metric]),
          posterior: posteriorAt(context, metric, weights),
        },
      ]),
    ),
    guardrails: bounds.map((bound) => ({
      ...guardrailReport(bound, observations[bound.metric]!, trials),
      probability: probabilityAt(context, bound, weights),
    })),
  };
}

function posteriorAt(
  { models, encoding }: ReportContext,
  metric: string,
  weights: Weights,
): MetricReport['posterior'] {
  const model = models?.get(metric);
  if (model === undefined) return null;
  const { mean, variance }: Moments = predict(model, toUnitCube(encoding, weights));
  return { mean, stddev: Math.sqrt(variance) };
}

function probabilityAt(
  { definition, trials, encoding, models }: ReportContext,
  bound: GuardrailBound,
  weights: Weights,
): number | null {
  if (models === undefined) return null;
  const slack = guardrailSlack(definition, encoding, trials, models, bound);
  return probabilityMet(slack, toUnitCube(encoding, weights));
}

function beatsBaseline(
  definition: StudyDefinition,
  observations: Readonly<Record<string, Observation>>,
  baseline: Readonly<Record<string, number>>,
): boolean | null {
  const { metric } = definition.objective;
  const reference = baseline[metric];
  return reference === undefined
    ? null
    : objectiveSign(definition) * (observations[metric]!.mean - reference) > 0;
}

/** The objective, the guardrails' metrics, then the others by head and name. */
function inReportOrder(
  { objective, guardrails }: StudyDefinition,
  metrics: readonly string[],
): readonly string[] {
  const first = [objective.metric, ...guardrails.map(({ metric }) => metric)];
  return [...new Set([...first, ...[...metrics].sort()])];
}

function observedChange(
  { mean: value, sem }: Observation,
  baseline: number | undefined,
): Omit<MetricReport, 'direction' | 'posterior'> {
  if (baseline === undefined) return { baseline: null, value, sem, change: null, relativeChange: null };
  const change = value - baseline;
  const relativeChange = baseline === 0 ? null : change / Math.abs(baseline);
  return { baseline, value, sem, change, relativeChange };
}

function guardrailReport(
  bound: GuardrailBound,
  { mean: value }: Observation,
  trials: readonly Trial[],
): Omit<GuardrailReport, 'probability'> {
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
