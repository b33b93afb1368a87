import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { Candidate } from '../optimizer/candidate.ts';
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
import { type RoundedCandidates, roundedCandidates } from '../optimizer/rounded-weights.ts';
import { type StudyReport, studyReport } from '../optimizer/study-report.ts';
import { whatIf as answerWhatIf, type WhatIfReport } from '../optimizer/what-if.ts';
import { type PackedTrials, unpackTrials } from './packed-trials.ts';
import { type Answer, answer } from './task-answer.ts';

/** What every task on a study's models is given. */
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
