import { workerData } from 'node:worker_threads';
import { DomainError } from '../domain/errors.ts';
import type { LogMetric } from '../domain/metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { createEvaluationScratch, type EvaluationScratch } from '../evaluator/evaluation-scratch.ts';
import { evaluate as evaluateLog } from '../evaluator/evaluate.ts';
import { type RankingAgreement, rankingAgreement } from '../evaluator/ranking-agreement.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { fitMetric } from '../optimizer/fit-metric.ts';
import { initialCandidates } from '../optimizer/initialise.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { type MetricModelReport, metricModelReport } from '../optimizer/metric-model-report.ts';
import { type NearOptimalWeights, nearOptimalWeights } from '../optimizer/near-optimal-weights.ts';
import { proposeBatch } from '../optimizer/propose-batch.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { type RoundedCandidates, roundedCandidates } from '../optimizer/rounded-weights.ts';
import { type StudyReport, studyReport } from '../optimizer/study-report.ts';
import { whatIf as answerWhatIf, type WhatIfReport } from '../optimizer/what-if.ts';

/** What a task answers: its value, or the domain error that structured cloning would strip of its class. */
export type Answer<Value> =
  | { readonly value: Value }
  | { readonly problem: Pick<DomainError, 'code' | 'message' | 'place' | 'details'> };

/** Given to each worker once; the log's columns are shared memory. */
export interface WorkerContext {
  readonly log: EngagementLog | undefined;
}

let scratch: EvaluationScratch | undefined;

export function evaluate(task: {
  readonly ordering: Ordering;
  readonly metrics: readonly LogMetric[];
}): Answer<Record<string, number>> {
  return answer(() => {
    const { log } = workerData as WorkerContext;
    if (log === undefined) throw new RangeError('this pool has no log');
    scratch ??= createEvaluationScratch(log);
    return evaluateLog(log, task.ordering, task.metrics, scratch);
  });
}

export interface StudyState {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
}

export function fit(task: StudyState & { readonly metric: string }): Answer<FittedMetrics[string]> {
  return answer(() => fitMetric(task.definition, task.trials, task.metric));
}

export function propose(
  task: StudyState & { readonly fitted: FittedMetrics; readonly count: number },
): Answer<readonly Candidate[]> {
  return answer(() => proposeBatch(task.definition, task.trials, task.fitted, task.count));
}

export function initialise(task: StudyState & { readonly count: number }): Answer<readonly Candidate[]> {
  return answer(() => initialCandidates(task.definition, task.trials, task.count));
}

export function report(task: StudyState & { readonly fitted: FittedMetrics }): Answer<StudyReport> {
  return answer(() => studyReport(task.definition, task.trials, task.fitted));
}

export function diagnose(task: StudyState & { readonly metric: string }): Answer<MetricModelReport> {
  return answer(() => metricModelReport(task.definition, task.trials, task.metric));
}

export function whatIf(
  task: StudyState & { readonly asked: StudyDefinition; readonly fitted: FittedMetrics },
): Answer<WhatIfReport> {
  return answer(() => answerWhatIf(task.definition, task.asked, task.trials, task.fitted));
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

export function nearOptimal(
  task: StudyState & { readonly fitted: FittedMetrics; readonly winner: Weights; readonly tolerance: number },
): Answer<NearOptimalWeights> {
  return answer(() =>
    nearOptimalWeights(task.definition, task.trials, task.fitted, task.winner, task.tolerance),
  );
}

export function round(
  task: StudyState & {
    readonly fitted: FittedMetrics | undefined;
    readonly winner: Weights;
    readonly step: number;
  },
): Answer<RoundedCandidates> {
  return answer(() => roundedCandidates(task.definition, task.trials, task.fitted, task.winner, task.step));
}

function answer<Value>(compute: () => Value): Answer<Value> {
  try {
    return { value: compute() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, place, details } = error;
    return { problem: { code, message, place, details } };
  }
}
