import { DomainError } from '../domain/errors.ts';
import { formatGuardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import { encodeStudy } from './encode.ts';
import { type Frontier, frontiers } from './frontier.ts';
import { withMargins } from './guardrail-margin.ts';
import { FEWEST_OBSERVATIONS } from './initialise.ts';
import { type FittedMetrics, metricModels } from './metric-models.ts';
import { firstObjective, modelledMetrics } from './metric-roles.ts';
import { propose } from './propose.ts';
import { type StudyReport, studyReport } from './study-report.ts';
import { isNoiseFree, observedTrials } from './training-data.ts';

/** What the models expect of one more trial under the bounds in question. */
export interface Prospect {
  /** The trial that a sweep with these bounds would run next. */
  readonly weights: Weights;
  /** Predictions of the objective there. */
  readonly objective: { readonly mean: number; readonly stddev: number };
  /** Π P(guardrail). */
  readonly probabilityFeasible: number;
  /** E[max(0, f − best)·1{feasible}], in the objective's units; null while nothing is feasible, when the search is for that. */
  readonly expectedImprovement: number | null;
}

/** One side of the comparison: a study's guardrails and what its trials answer under them. */
export interface WhatIfAnswer extends Pick<StudyReport, 'counts' | 'best' | 'waitingFor'> {
  readonly guardrails: readonly string[];
}

export interface WhatIfReport {
  readonly study: string;
  readonly objective: string;
  /** How many standard errors of its slack a guardrail is met with; null without a margin. */
  readonly guardrailMargin: number | null;
  /** Under the study's own guardrails. */
  readonly own: WhatIfAnswer;
  /** Under those in question. */
  readonly asked: WhatIfAnswer;
  /** asked − own, of the best feasible trials' objective; null where either has none. */
  readonly change: number | null;
  readonly relativeChange: number | null;
  /** Null where too little is measured to model. */
  readonly prospect: Prospect | null;
  /** Under the guardrails in question. */
  readonly frontiers: readonly Frontier[];
}

/** The metrics whose models `whatIf` needs; none where too little is measured to model. */
export function whatIfMetrics(
  definition: StudyDefinition,
  asked: StudyDefinition,
  trials: readonly Trial[],
): readonly string[] {
  if (observedTrials(trials).length < FEWEST_OBSERVATIONS) return [];
  const steering = modelledMetrics(withMargins(asked, trials).definition);
  const judging = [...modelledMetrics(definition), ...modelledMetrics(asked)];
  return isNoiseFree(asked, judging) ? steering : [...new Set([...judging, ...steering])];
}

/**
 * A study's trials judged by other guardrails: the best trial under its own and under those, and what further trials may gain.
 * Nothing is evaluated. `fitted` has the hyperparameters of `whatIfMetrics`, or none where metrics are exact and no more
 * than the stored trials is asked.
 */
export function whatIf(
  definition: StudyDefinition,
  asked: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): WhatIfReport {
  const { metric: objective } = firstObjective(definition);
  const own = answerOf(definition, trials, fitted);
  const other = answerOf(asked, trials, fitted);
  const before = own.best?.feasible === true ? own.best.metrics[objective]!.value : null;
  const after = other.best?.feasible === true ? other.best.metrics[objective]!.value : null;
  const change = before === null || after === null ? null : after - before;
  const modelled = !isNoiseFree(asked, modelledMetrics(asked)) && observedTrials(trials).length > 0;
  const models = modelled ? metricModels(asked, encodeStudy(asked), trials, fitted) : undefined;
  const stairs = frontiers(asked, trials, models);
  if (stairs === undefined) throw new RangeError('the baseline is not measured');
  return {
    study: definition.name,
    objective,
    guardrailMargin: asked.guardrailMargin === 0 ? null : (asked.guardrailMargin ?? null),
    own,
    asked: other,
    change,
    relativeChange: change === null || before === 0 ? null : change / Math.abs(before!),
    prospect: whatIfMetrics(definition, asked, trials).length === 0 ? null : prospect(asked, trials, fitted),
    frontiers: stairs,
  };
}

function answerOf(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
): WhatIfAnswer {
  const { counts, best, waitingFor } = studyReport(definition, trials, fitted);
  return { guardrails: definition.guardrails.map(formatGuardrail), counts, best, waitingFor };
}

function prospect(study: StudyDefinition, stored: readonly Trial[], fitted: FittedMetrics): Prospect | null {
  const { definition, trials } = withMargins(study, stored);
  try {
    const { weights, provenance } = propose(definition, trials, fitted);
    const { acquisitionValue, feasibility, predictions, generator } = provenance;
    const isImprovement =
      acquisitionValue !== null &&
      (generator === 'log_expected_improvement' ||
        generator === 'log_constrained_expected_improvement' ||
        generator === 'noisy_log_expected_improvement');
    return {
      weights,
      objective: predictions[firstObjective(definition).metric]!,
      probabilityFeasible: feasibility.reduce((product, { probability }) => product * probability, 1),
      expectedImprovement: isImprovement ? Math.exp(acquisitionValue) : null,
    };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'budget_exhausted') return null;
    throw error;
  }
}
