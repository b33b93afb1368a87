import { partsOf, withDerived } from '../domain/derived-metric.ts';
import type { Direction } from '../domain/metric.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Observation, Trial, Weights } from '../domain/trial.ts';
import type { BestTrial } from './best-trial.ts';
import { baselineMetrics, type GuardrailBound, slackOf } from './guardrail-bounds.ts';
import { type StudyEncoding, toUnitCube } from './encode.ts';
import { guardrailSlack, probabilityMet } from './guardrail-slack.ts';
import { directionOf, objectiveSign, steeringMetrics } from './metric-roles.ts';
import { type MetricModels, predictMetric } from './metric-models.ts';
import { observationAt, observedTrials } from './training-data.ts';

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
  /** Why this trial: `non-dominated` for those of a Pareto set. */
  readonly rule: BestTrial['rule'] | 'non-dominated';
  readonly feasible: boolean;
  /** Whether its objective, of several each, is better as observed than the baseline's; null where that is not known. */
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
  const { weights } = trial;
  const observations = withDerived(definition, trial.observations);
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
      ...guardrailReport(definition, bound, observations[bound.metric]!, trials),
      probability: probabilityAt(context, bound, weights),
    })),
  };
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
  const objectives = objectivesOf(definition);
  if (objectives.some(({ metric }) => baseline[metric] === undefined)) return null;
  return objectives.every(
    ({ metric }) => objectiveSign(definition, metric) * (observations[metric]!.mean - baseline[metric]!) > 0,
  );
}

/** The objectives, the guardrails' metrics, then the others by head and name. */
function inReportOrder(definition: StudyDefinition, metrics: readonly string[]): readonly string[] {
  return [...new Set([...steeringMetrics(definition), ...[...metrics].sort()])];
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
  definition: StudyDefinition,
  bound: GuardrailBound,
  { mean: value }: Observation,
  trials: readonly Trial[],
): Omit<GuardrailReport, 'probability'> {
  const values = observedTrials(trials).map((trial) => observationAt(definition, trial, bound.metric).mean);
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
