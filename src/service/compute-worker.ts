import { type MessagePort, workerData } from 'node:worker_threads';
import type { LogMetric } from '../domain/metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, Trial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { type MatchReport, matchReports } from '../evaluator/counterfactual/match-report.ts';
import { bootstrap as resample } from '../evaluator/bootstrap.ts';
import { createEvaluationScratch, type EvaluationScratch } from '../evaluator/evaluation-scratch.ts';
import { evaluateWithErrors, influencesOf, type MeasuredMetrics } from '../evaluator/evaluate-with-errors.ts';
import {
  createInfluenceScratch,
  type Influences,
  type InfluenceScratch,
} from '../evaluator/influence/influences.ts';
import type { PassWorker } from '../evaluator/pooled/pooled-pass.ts';
import { drawResamples } from '../evaluator/replicates/resamples.ts';
import { type RankingAgreement, rankingAgreement } from '../evaluator/ranking-agreement.ts';
import { topAgreement } from '../evaluator/top-agreement.ts';
import type { MeetingPoint } from '../evaluator/team/meeting-point.ts';
import { assist as assistTeam, lead, type Team } from '../evaluator/team/team.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { fitMetric } from '../optimizer/fit-metric.ts';
import { initialCandidates } from '../optimizer/initialise.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { type MetricModelReport, metricModelReport } from '../optimizer/metric-model-report.ts';
import {
  type Allowance,
  type NearOptimalWeights,
  nearOptimalWeights,
} from '../optimizer/near-optimal-weights.ts';
import { predictWeights, type WeightsPrediction } from '../optimizer/predict-weights.ts';
import { proposeBatch } from '../optimizer/propose-batch.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { type RoundedCandidates, roundedCandidates } from '../optimizer/rounded-weights.ts';
import { type StudyReport, studyReport } from '../optimizer/study-report.ts';
import { whatIf as answerWhatIf, type WhatIfReport } from '../optimizer/what-if.ts';
import { type PackedTrials, unpackTrials } from './packed-trials.ts';
import { type Answer, answer } from './task-answer.ts';

export { analyseReadout, firstArms, judgeArms, nextArms } from './online-tasks.ts';

/** Given to each worker once; the log's columns are shared memory. */
export interface WorkerContext {
  readonly log: EngagementLog | undefined;
}

/** What this thread evaluates with, from the first time on. */
interface Evaluation {
  readonly log: EngagementLog;
  readonly scratch: EvaluationScratch;
  readonly influences: InfluenceScratch;
}

let kept: Evaluation | undefined;

/** What this thread needs for its shares of others' evaluations. */
const assisting: PassWorker = { work: undefined, table: undefined };

/** With whom a task is done. */
export interface Others {
  readonly point: MeetingPoint;
  /** To each of them. */
  readonly ports: readonly MessagePort[];
}

export function evaluate(task: {
  readonly ordering: Ordering;
  readonly measured: MeasuredMetrics;
  /** Of the baseline, where it was measured on the log. */
  readonly baseline: Influences | undefined;
  readonly others?: Others | undefined;
}): Answer<Observations> {
  const { ordering, measured, baseline, others } = task;
  return together(others, ({ log, scratch, influences }, team) =>
    evaluateWithErrors(log, ordering, measured, baseline, scratch, influences, team),
  );
}

export function influence(task: {
  readonly ordering: Ordering;
  readonly measured: MeasuredMetrics;
  readonly others?: Others | undefined;
}): Answer<Influences> {
  const { ordering, measured, others } = task;
  return together(others, ({ log, scratch, influences }, team) =>
    influencesOf(log, ordering, measured, scratch, influences, team),
  );
}

/** Takes a share in the evaluation that another thread leads. */
export function assist(task: {
  readonly point: MeetingPoint;
  readonly port: MessagePort;
  readonly share: number;
  readonly shares: number;
}): Answer<void> {
  const { point, port, share, shares } = task;
  return answer(() => {
    assistTeam(loadedLog(), point, port, { share, shares }, assisting);
    port.close();
  });
}

function together<Value>(
  others: Others | undefined,
  compute: (evaluation: Evaluation, team: Team | undefined) => Value,
): Answer<Value> {
  return answer(() => {
    const kept = evaluation();
    if (others === undefined) return compute(kept, undefined);
    return lead(kept.log, others.point, others.ports, kept.scratch.pooled, (team) => compute(kept, team));
  });
}

/** The replicates of each ordering by metric, the same units resampled for all of them. */
export function bootstrap(task: {
  readonly orderings: readonly Ordering[];
  readonly measured: MeasuredMetrics;
  readonly replicates: number;
  readonly seed: number;
}): Answer<readonly Readonly<Record<string, Float64Array>>[]> {
  return answer(() => {
    const { log, scratch, influences } = evaluation();
    const { orderings, measured, replicates, seed } = task;
    const resamples = drawResamples(influences.units, replicates, seed);
    return orderings.map((ordering) => resample(log, ordering, measured, resamples, scratch));
  });
}

/** What each of these counterfactual metrics of an ordering is estimated from, by name. */
export function matches(task: {
  readonly ordering: Ordering;
  readonly metrics: readonly LogMetric[];
}): Answer<Readonly<Record<string, MatchReport>>> {
  return answer(() => {
    const { log, scratch, influences } = evaluation();
    return matchReports(log, task.ordering, task.metrics, scratch, influences.units);
  });
}

function evaluation(): Evaluation {
  if (kept !== undefined) return kept;
  const log = loadedLog();
  kept = { log, scratch: createEvaluationScratch(log), influences: createInfluenceScratch(log) };
  return kept;
}

function loadedLog(): EngagementLog {
  const { log } = workerData as WorkerContext;
  if (log === undefined) throw new RangeError('this pool has no log');
  return log;
}

export interface StudyState {
  readonly definition: StudyDefinition;
  readonly trials: PackedTrials;
}

function trialsOf({ definition, trials }: StudyState): readonly Trial[] {
  return unpackTrials(definition, trials);
}

export function fit(task: StudyState & { readonly metric: string }): Answer<FittedMetrics[string]> {
  return answer(() => fitMetric(task.definition, trialsOf(task), task.metric));
}

export function propose(
  task: StudyState & { readonly fitted: FittedMetrics; readonly count: number; readonly fixed: Weights },
): Answer<readonly Candidate[]> {
  return answer(() => proposeBatch(task.definition, trialsOf(task), task.fitted, task.count, task.fixed));
}

export function initialise(
  task: StudyState & { readonly count: number; readonly fixed: Weights },
): Answer<readonly Candidate[]> {
  return answer(() => initialCandidates(task.definition, trialsOf(task), task.count, task.fixed));
}

export function report(task: StudyState & { readonly fitted: FittedMetrics }): Answer<StudyReport> {
  return answer(() => studyReport(task.definition, trialsOf(task), task.fitted));
}

export function predict(
  task: StudyState & { readonly fitted: FittedMetrics; readonly points: readonly Weights[] },
): Answer<readonly WeightsPrediction[]> {
  return answer(() => predictWeights(task.definition, trialsOf(task), task.fitted, task.points));
}

export function diagnose(task: StudyState & { readonly metric: string }): Answer<MetricModelReport> {
  return answer(() => metricModelReport(task.definition, trialsOf(task), task.metric));
}

export function whatIf(
  task: StudyState & { readonly asked: StudyDefinition; readonly fitted: FittedMetrics },
): Answer<WhatIfReport> {
  return answer(() => answerWhatIf(task.definition, task.asked, trialsOf(task), task.fitted));
}

export function compareRankings(task: {
  readonly one: Ordering;
  readonly other: Ordering;
  readonly cutoff: number;
}): Answer<RankingAgreement> {
  return answer(() => {
    const { log } = workerData as WorkerContext;
    if (log === undefined) throw new RangeError('this pool has no log');
    return rankingAgreement(log, task.one, task.other, task.cutoff);
  });
}

/** Kendall's τ of what is seen of two orderings; null where no request tells. */
export function compareTops(task: {
  readonly one: Ordering;
  readonly other: Ordering;
  readonly cutoff: number;
}): Answer<number | null> {
  return answer(() => topAgreement(loadedLog(), task.one, task.other, task.cutoff) ?? null);
}

export function nearOptimal(
  task: StudyState & {
    readonly fitted: FittedMetrics;
    readonly winner: Weights;
    readonly allowance: Allowance;
  },
): Answer<NearOptimalWeights> {
  return answer(() =>
    nearOptimalWeights(task.definition, trialsOf(task), task.fitted, task.winner, task.allowance),
  );
}

export function round(
  task: StudyState & {
    readonly fitted: FittedMetrics | undefined;
    readonly winner: Weights;
    readonly step: number;
  },
): Answer<RoundedCandidates> {
  return answer(() =>
    roundedCandidates(task.definition, trialsOf(task), task.fitted, task.winner, task.step),
  );
}
