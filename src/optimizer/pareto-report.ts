import { z } from 'zod';
import { objectivesOf } from '../domain/study.ts';
import { bestTrial } from './best-trial.ts';
import { withMargins } from './guardrail-margin.ts';
import { objectiveSign } from './metric-roles.ts';
import { paretoSet } from './pareto-set.ts';
import { type ReportContext, trialReport } from './trial-report.ts';
import { trialReportSchema } from './trial-report-schema.ts';

/** The Pareto set of a study, and what it is worth. */
export const paretoReportSchema = z
  .strictObject({
    hypervolume: z
      .number()
      .describe('Of the trials above the reference point, in the product of the objectives’ units.'),
    referencePoint: z
      .record(z.string(), z.number())
      .describe('By objective, in its units: the study’s, else inferred from the trials.'),
    trials: z
      .array(trialReportSchema)
      .readonly()
      .describe('The feasible trials that none other dominates, best in the first objective first.'),
    nearest: trialReportSchema
      .nullable()
      .describe('While there is none of those, the trial nearest to feasibility; else null.'),
  })
  .meta({ id: 'ParetoReport' });

export type ParetoReport = Readonly<z.output<typeof paretoReportSchema>>;

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
