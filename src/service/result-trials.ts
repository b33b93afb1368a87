import { BASELINE_TRIAL } from '../domain/trial.ts';
import type { StudyReport } from '../optimizer/study-report.ts';
import type { TrialReport } from '../optimizer/trial-report.ts';

/** What a sweep ends with, the baseline aside: the best trial, or those of the Pareto set; the nearest where none is feasible. */
export function resultTrials({ best, pareto }: Pick<StudyReport, 'best' | 'pareto'>): readonly TrialReport[] {
  const shown = best ?? pareto?.nearest;
  const trials = shown ? [shown] : (pareto?.trials ?? []);
  return trials.filter(({ number }) => number !== BASELINE_TRIAL);
}
