import { slackOf } from '../../acquisition/feasibility.ts';
import { partsOf, withDerived } from '../domain/derived-metric.ts';
import type { Direction } from '../domain/metric.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Bounds, Trial, Weights } from '../domain/trial.ts';
import type { BestTrial } from './best-trial.ts';
import { baselineMetrics, type GuardrailBound } from './guardrail-bounds.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import { guardrailClaim } from './guardrail-claim.ts';
import { pairedErrors, type SlackMargin, slackMargin } from './guardrail-margin.ts';
import { directionOf, objectiveSign, steeringMetrics } from './metric-roles.ts';
import { type MetricModels, predictMetric } from './metric-models.ts';
import { changesWithinBounds } from './change-bounds.ts';
import {
  baselineRow,
  isNoiseFree,
  observationAt,
  type ObservedTrial,
  observedTrials,
} from './training-data.ts';

/** A guardrail binds where its slack is under this share of what its metric ranged over the trials. */
const BINDING_SHARE = 0.01;

/**
 * A metric at a trial beside the baseline: both as measured where the metric has no noise, else both by the posterior mean,
 * which is what guardrails are judged by.
 */
export interface MetricReport {
  readonly direction: Direction;
  readonly baseline: number | null;
  readonly value: number;
  /** What the model makes of all trials at these weights; null where metrics have no noise. */
  readonly posterior: { readonly mean: number; readonly stddev: number } | null;
  /** As it was measured; `sem` is the standard error of the value, null where it is not known. */
  readonly observed: {
    readonly value: number;
    readonly sem: number | null;
    readonly baseline: number | null;
    /** Where the value surely lies, of a log in the histogram form. */
    readonly bounds?: Bounds;
  };
  /** value − baseline. */
  readonly change: number | null;
  /** (value − baseline)/|baseline|. */
  readonly relativeChange: number | null;
  /** Paired standard error of the change, where one log measured both; else null. */
  readonly changeSem: number | null;
  /** The same of the relative change, by the delta method. */
  readonly relativeChangeSem: number | null;
  /** Where the changes surely lie, of a log in the histogram form. */
  readonly changeBounds?: Bounds;
  readonly relativeChangeBounds?: Bounds;
}

/** A guardrail at a trial: bound, value and slack as in `MetricReport`, so that `met` says P(met) ≥ ½ where there is no margin. */
export interface GuardrailReport {
  readonly guardrail: string;
  readonly metric: string;
  readonly relation: '>=' | '<=';
  readonly bound: number;
  readonly value: number;
  /** Negative where the guardrail is violated, in the metric's units. */
  readonly slack: number;
  /** Standard error of the slack on the log, and how much of it the slack must reach; null without a margin. */
  readonly margin: SlackMargin | null;
  /** Whether the slack is at least its margin, or 0 where there is none. */
  readonly met: boolean;
  readonly binds: boolean;
  /** P(slack ≥ 0) under the model, 1 or 0 where only other metrics have noise; null where none has. */
  readonly probability: number | null;
}

export interface TrialReport {
  readonly number: number;
  readonly weights: Weights;
  /** Why this trial: `non-dominated` for those of a Pareto set. */
  readonly rule: BestTrial['rule'] | 'non-dominated';
  readonly feasible: boolean;
  /** Whether its objective, of several each, is better than the baseline's; null where that is not known. */
  readonly beatsBaseline: boolean | null;
  /** By name: the objectives, the guardrails' metrics, then the others sorted; derived ones among them. */
  readonly metrics: Readonly<Record<string, MetricReport>>;
  readonly guardrails: readonly GuardrailReport[];
}

/** What the report of any trial of a study needs. */
export interface ReportContext {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly encoding: StudyEncoding;
  /** Where metrics have noise. */
  readonly models: MetricModels | undefined;
  readonly bounds: readonly GuardrailBound[];
}

/** The report of an observed trial. */
export function trialReport(
  context: ReportContext,
  best: Pick<TrialReport, 'number' | 'rule' | 'feasible'>,
): TrialReport {
  const { definition, trials, bounds } = context;
  const trial = observedTrials(trials).find(({ number }) => number === best.number)!;
  const metrics = Object.fromEntries(
    inReportOrder(definition, Object.keys(withDerived(definition, trial.observations))).map((metric) => [
      metric,
      metricReport(context, metric, trial),
    ]),
  );
  return {
    number: best.number,
    weights: trial.weights,
    rule: best.rule,
    feasible: best.feasible,
    beatsBaseline: beatsBaseline(definition, metrics),
    metrics,
    guardrails: bounds.map((bound) => guardrailReport(context, bound, metrics[bound.metric]!, trial)),
  };
}

function metricReport(context: ReportContext, metric: string, trial: ObservedTrial): MetricReport {
  const { definition, trials } = context;
  const { mean, sem, bounds } = observationAt(definition, trial, metric);
  const errors = pairedErrors(definition, trials, metric, trial.observations);
  const value = estimateAt(context, metric, trial);
  const row = baselineRow(trials);
  const measured = baselineMetrics(definition, trials)?.[metric] ?? null;
  const baseline =
    row === undefined || measured === null
      ? measured
      : estimateAt(context, metric, observedTrials(trials)[row]!);
  const change = baseline === null ? null : value - baseline;
  return {
    direction: directionOf(definition, metric),
    baseline,
    value,
    posterior: posteriorAt(context, metric, trial.weights),
    observed: { value: mean, sem, baseline: measured, ...(bounds !== undefined && { bounds }) },
    change,
    relativeChange: change === null || baseline === 0 ? null : change / Math.abs(baseline!),
    changeSem: errors === null ? null : errors(1),
    relativeChangeSem:
      errors === null || baseline === null || baseline === 0
        ? null
        : errors(value / baseline) / Math.abs(baseline),
    ...changesWithinBounds(definition, trials, metric, trial),
  };
}

/** The metric at an observed trial as reports and guardrails take it: as measured where it is exact or not modelled. */
function estimateAt(context: ReportContext, metric: string, trial: ObservedTrial): number {
  const posterior = posteriorAt(context, metric, trial.weights);
  const { definition } = context;
  const exact = posterior === null || isNoiseFree(definition, partsOf(definition, metric));
  return exact ? observationAt(definition, trial, metric).mean : posterior.mean;
}

function posteriorAt(
  { definition, models, encoding }: ReportContext,
  metric: string,
  weights: Weights,
): MetricReport['posterior'] {
  if (models === undefined || !partsOf(definition, metric).every((part) => models.has(part))) return null;
  const { mean, variance } = predictMetric(definition, models, metric, toUnitCube(encoding, weights));
  return { mean, stddev: Math.sqrt(variance) };
}

function beatsBaseline(
  definition: StudyDefinition,
  metrics: Readonly<Record<string, MetricReport>>,
): boolean | null {
  const gains = objectivesOf(definition).map(({ metric }) => {
    const { change } = metrics[metric]!;
    return change === null ? null : objectiveSign(definition, metric) * change;
  });
  return gains.includes(null) ? null : gains.every((gain) => gain! > 0);
}

/** The objectives, the guardrails' metrics, then the others by head and name. */
function inReportOrder(definition: StudyDefinition, metrics: readonly string[]): readonly string[] {
  return [...new Set([...steeringMetrics(definition), ...[...metrics].sort()])];
}

function guardrailReport(
  context: ReportContext,
  guardrail: GuardrailBound,
  { value, baseline }: MetricReport,
  { weights, observations }: ObservedTrial,
): GuardrailReport {
  const { definition, trials } = context;
  const { text, metric, relation, factor, offset } = guardrail;
  const bound = factor === 0 ? guardrail.bound : factor * baseline! + offset;
  const values = observedTrials(trials).map((trial) => observationAt(definition, trial, metric).mean);
  const range = Math.max(...values) - Math.min(...values);
  const slack = slackOf({ relation, bound }, value);
  const margin = slackMargin(definition, trials, guardrail, observations) ?? null;
  const room = slack - (margin?.margin ?? 0);
  const met = room >= 0;
  return {
    guardrail: text,
    metric,
    relation,
    bound,
    value,
    slack,
    margin,
    met,
    binds: met && room <= BINDING_SHARE * range,
    probability: probabilityAt(context, guardrail, weights, met),
  };
}

function probabilityAt(
  { definition, trials, encoding, models }: ReportContext,
  bound: GuardrailBound,
  weights: Weights,
  met: boolean,
): number | null {
  if (models === undefined) return null;
  if (isNoiseFree(definition, partsOf(definition, bound.metric))) return met ? 1 : 0;
  const claim = guardrailClaim(definition, encoding, trials, models, bound);
  return claim(toUnitCube(encoding, weights));
}
