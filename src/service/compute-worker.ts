import { workerData } from 'node:worker_threads';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, Trial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { bootstrap as resample } from '../evaluator/bootstrap.ts';
import { createEvaluationScratch, type EvaluationScratch } from '../evaluator/evaluation-scratch.ts';
import { evaluateWithErrors, influencesOf, type MeasuredMetrics } from '../evaluator/evaluate-with-errors.ts';
import {
  createInfluenceScratch,
  type Influences,
  type InfluenceScratch,
} from '../evaluator/influence/influences.ts';
import { drawResamples } from '../evaluator/replicates/resamples.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { fitMetric } from '../optimizer/fit-metric.ts';
import { initialCandidates } from '../optimizer/initialise.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { type MetricModelReport, metricModelReport } from '../optimizer/metric-model-report.ts';
import { proposeBatch } from '../optimizer/propose-batch.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { type StudyReport, studyReport } from '../optimizer/study-report.ts';
import { type PackedTrials, unpackTrials } from './packed-trials.ts';

/** What a task answers: its value, or the domain error that structured cloning would strip of its class. */
export type Answer<Value> =
  | { readonly value: Value }
  | { readonly problem: Pick<DomainError, 'code' | 'message' | 'place' | 'details'> };

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

export function evaluate(task: {
  readonly ordering: Ordering;
  readonly measured: MeasuredMetrics;
  /** Of the baseline, where it was measured on the log. */
  readonly baseline: Influences | undefined;
}): Answer<Observations> {
  return answer(() => {
    const { log, scratch, influences } = evaluation();
    return evaluateWithErrors(log, task.ordering, task.measured, task.baseline, scratch, influences);
  });
}

export function influence(task: {
  readonly ordering: Ordering;
  readonly measured: MeasuredMetrics;
}): Answer<Influences> {
  return answer(() => {
    const { log, scratch, influences } = evaluation();
    return influencesOf(log, task.ordering, task.measured, scratch, influences);
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

function evaluation(): Evaluation {
  if (kept !== undefined) return kept;
  const { log } = workerData as WorkerContext;
  if (log === undefined) throw new RangeError('this pool has no log');
  kept = { log, scratch: createEvaluationScratch(log), influences: createInfluenceScratch(log) };
  return kept;
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

export function diagnose(task: StudyState & { readonly metric: string }): Answer<MetricModelReport> {
  return answer(() => metricModelReport(task.definition, trialsOf(task), task.metric));
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
