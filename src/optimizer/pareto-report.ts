import { objectivesOf } from '../domain/study.ts';
import { bestTrial } from './best-trial.ts';
import { withMargins } from './guardrail-margin.ts';
import { objectiveSign } from './metric-roles.ts';
import { paretoSet } from './pareto-set.ts';
import { type ReportContext, type TrialReport, trialReport } from './trial-report.ts';

export interface ParetoReport {
  /** Of the trials above the reference point, in the product of the objectives' units. */
  readonly hypervolume: number;
  /** By objective, in its units: the study's, else inferred from the trials. */
  readonly referencePoint: Readonly<Record<string, number>>;
  /** The feasible trials that none other dominates, best in the first objective first. */
  readonly trials: readonly TrialReport[];
  /** While there is none of those, the trial nearest to feasibility; else null. */
  readonly nearest: TrialReport | null;
}

/** The Pareto set of a study's objectives, one or several; null before any trial is measured. */
export function paretoReport(context: ReportContext): ParetoReport | null {
  const { definition, trials, models } = context;
  const steered = withMargins(definition, trials);
  const set = paretoSet(steered.definition, steered.trials, models);
  if (set === undefined) return null;
  const nearest = set.trials.length > 0 ? undefined : bestTrial(steered.definition, steered.trials, models);
  return {
    hypervolume: set.hypervolume,
    referencePoint: Object.fromEntries(
      objectivesOf(definition).map(({ metric }, i) => [
        metric,
        objectiveSign(definition, metric) * set.referencePoint[i]!,
      ]),
    ),
    trials: set.trials.map(({ number }) =>
      trialReport(context, { number, rule: 'non-dominated', feasible: true }),
    ),
    nearest: nearest === undefined ? null : trialReport(context, nearest),
  };
}
