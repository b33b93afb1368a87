import { studyReport, type StudyReport } from '../optimizer/study-report.ts';
import type { SweepResult } from './sweep.ts';

export type { ParetoReport } from '../optimizer/pareto-report.ts';
export type { StudyReport } from '../optimizer/study-report.ts';
export type { HeldOutMetric, HeldOutTrial, HoldoutReport } from './hold-out.ts';
export type { SampleReport } from './sample-report.ts';
export type { RankingDisagreement } from './ranking-disagreement.ts';
export type { GuardrailReport, MetricReport, TrialReport } from '../optimizer/trial-report.ts';

/** What a sweep found; its metrics have no noise, so no model is needed. */
export function sweepReport({ definition, trials }: SweepResult): StudyReport {
  return studyReport(definition, trials);
}
