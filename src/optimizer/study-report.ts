import { z } from 'zod';
import { slackOf } from '../../acquisition/feasibility.ts';
import { isConfidentlyFeasible } from '../../acquisition/incumbent.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_UNMEASURED } from './initialise.ts';
import { candidateTrials, type Trial } from '../domain/trial.ts';
import type { TrialState } from '../domain/trial-state.ts';
import { bestTrial } from './best-trial.ts';
import { encodeStudy } from './encode.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { withMargins } from './guardrail-margin.ts';
import { type FittedMetrics, metricModels } from './metric-models.ts';
import { hasSeveralObjectives, modelledMetrics } from './metric-roles.ts';
import { paretoReport, paretoReportSchema } from './pareto-report.ts';
import { isNoiseFree, observationAt, observedTrials } from './training-data.ts';
import { noisyFeasibility } from './trial-feasibility.ts';
import { type ReportContext, type TrialReport, trialReport } from './trial-report.ts';
import { trialReportSchema } from './trial-report-schema.ts';

/** How many trials are in each state, of the candidates alone: the baseline, trial 0, counts for none of them. */
const trialCountsSchema = z.strictObject({
  completed: z.int().min(0),
  running: z.int().min(0).describe('Those whose lease lasts.'),
  failed: z.int().min(0),
  infeasible: z.int().min(0),
  feasible: z
    .int()
    .min(0)
    .nullable()
    .describe(
      'Completed ones that count as feasible, by the rule that the best trial is chosen by: as observed, or, where metrics have noise, with the study’s confidence. Null while bounds are unknown.',
    ),
});

/** What a study has found so far. The same trials give the same report. */
export const studyReportSchema = z
  .strictObject({
    study: z.string(),
    seed: z.int().min(0),
    budget: z.int().nullable(),
    counts: trialCountsSchema.describe('Of the candidates alone: the baseline counts for none of them.'),
    waitingFor: z
      .string()
      .nullable()
      .describe('Why there is neither a best trial nor a Pareto set yet; null where there is one.'),
    best: trialReportSchema
      .nullable()
      .describe(
        'The best feasible trial, or the one nearest to feasibility where `feasible` is false; null before any, where every noisy trial’s own observation clearly violates a guardrail, and with several objectives.',
      ),
    pareto: paretoReportSchema
      .nullable()
      .exactOptional()
      .describe('Of a study with several objectives alone; null before any trial is measured.'),
  })
  .meta({ id: 'StudyReport' });

export type TrialCounts = Readonly<z.output<typeof trialCountsSchema>>;
export type StudyReport = Readonly<z.output<typeof studyReportSchema>>;

/** Whether a report of these trials takes fitted models: some metric has noise, and the trials can be judged. */
export function reportTakesModels(definition: StudyDefinition, trials: readonly Trial[]): boolean {
  if (isNoiseFree(definition, modelledMetrics(definition))) return false;
  return observedTrials(trials).length > 0 && guardrailBounds(definition, trials) !== undefined;
}

/** `fitted` has the hyperparameters of every modelled metric where `reportTakesModels`. */
export function studyReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics = {},
): StudyReport {
  const encoding = encodeStudy(definition);
  const steered = withMargins(definition, trials);
  const bounds = guardrailBounds(definition, trials);
  const models = reportTakesModels(definition, trials)
    ? metricModels(definition, encoding, trials, fitted)
    : undefined;
  const context = bounds && { definition, trials, encoding, models, bounds };
  const several = hasSeveralObjectives(definition);
  const best = several ? undefined : bestTrial(steered.definition, steered.trials, models);
  const pareto = several && context !== undefined ? paretoReport(context) : null;
  return {
    study: definition.name,
    seed: definition.seed,
    budget: definition.budget ?? null,
    counts: trialCounts(trials, context),
    waitingFor: best === undefined && pareto === null ? waitingFor(trials, context) : null,
    best: best === undefined ? null : trialReport(context!, best),
    ...(several && { pareto }),
  };
}

/** The report of one trial of a study whose metrics are exact, beside the baseline among `trials`. */
export function reportOfTrial(
  definition: StudyDefinition,
  trials: readonly Trial[],
  { number, rule }: Pick<TrialReport, 'number' | 'rule'>,
): TrialReport {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  const encoding = encodeStudy(definition);
  const context = { definition, trials, encoding, models: undefined, bounds };
  const report = trialReport(context, { number, rule, feasible: false });
  return { ...report, feasible: report.guardrails.every(({ met }) => met) };
}

function waitingFor(trials: readonly Trial[], context: ReportContext | undefined): string {
  if (context === undefined) return BASELINE_UNMEASURED;
  if (observedTrials(trials).length === 0) return 'no trial with weights is completed yet';
  return 'the own observation of every trial clearly violates a guardrail';
}

function trialCounts(trials: readonly Trial[], context: ReportContext | undefined): TrialCounts {
  const candidates = candidateTrials(trials);
  const inState = (wanted: TrialState): number => candidates.filter(({ state }) => state === wanted).length;
  return {
    completed: inState('completed'),
    running: inState('running'),
    failed: inState('failed'),
    infeasible: inState('infeasible'),
    feasible: context === undefined ? null : candidateTrials(feasibleTrials(context)).length,
  };
}

function feasibleTrials({ definition, trials, models, bounds }: ReportContext): readonly Trial[] {
  const observed = observedTrials(trials);
  if (models === undefined) {
    const steered = withMargins(definition, trials);
    const exact = guardrailBounds(steered.definition, steered.trials) ?? [];
    return observedTrials(steered.trials).filter((trial) =>
      exact.every(
        (bound) => slackOf(bound, observationAt(steered.definition, trial, bound.metric).mean) >= 0,
      ),
    );
  }
  const feasibility = noisyFeasibility(definition, trials, models, bounds);
  return observed.filter((_, i) => isConfidentlyFeasible(feasibility[i]!, definition.confidence));
}
