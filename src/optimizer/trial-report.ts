import { slackOf } from '../../acquisition/feasibility.ts';
import { partsOf, withDerived } from '../domain/derived-metric.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { baselineMetrics, type GuardrailBound } from './guardrail-bounds.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import { guardrailClaim } from './guardrail-claim.ts';
import { pairedErrors, slackMargin } from './guardrail-margin.ts';
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
import type { GuardrailReport, MetricReport, TrialReport } from './trial-report-schema.ts';

export type { GuardrailReport, MetricReport, TrialReport } from './trial-report-schema.ts';

/** A guardrail binds where its slack is under this share of what its metric ranged over the trials. */
const BINDING_SHARE = 0.01;

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
