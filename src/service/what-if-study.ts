import { getStudy } from '../../store/studies.ts';
import { listTrials } from '../../store/trials.ts';
import { isDerived, observationOf } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import { parseLogMetric } from '../domain/metric.ts';
import { withGuardrails } from '../domain/replaced-guardrails.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { guardrailBounds } from '../optimizer/guardrail-bounds.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { BASELINE_UNMEASURED } from '../optimizer/initialise.ts';
import { hasSeveralObjectives } from '../optimizer/metric-roles.ts';
import { observedTrials } from '../optimizer/training-data.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';
import { type WhatIfReport, whatIfMetrics } from '../optimizer/what-if.ts';
import { fitMetrics } from './fit-metrics.ts';
import { packTrials } from './packed-trials.ts';
import { millisecondsOf, type ServiceContext } from './service-context.ts';

export type { Frontier, FrontierStep } from '../optimizer/frontier.ts';
export type { WhatIfReport } from '../optimizer/what-if.ts';

/**
 * What a stored study's trials answer under other guardrails, which replace its own on their metrics. Nothing is stored.
 *
 * Throws `study_not_found`; `study_objectives` for a study with several; `study_invalid` for guardrails that are malformed or
 * contradict each other; `baseline_invalid` for a multiple of a baseline that is not positive; `request_invalid` for a metric
 * that was not measured, without a completed trial, and where no guardrail is left to ask about.
 */
export async function whatIfStudy(
  { store, pool, clock }: Pick<ServiceContext, 'store' | 'pool' | 'clock'>,
  studyId: string,
  guardrails: readonly string[],
): Promise<WhatIfReport> {
  const { definition } = await getStudy(store, studyId);
  if (hasSeveralObjectives(definition)) {
    const count = objectivesOf(definition).length;
    throw new DomainError(
      'study_objectives',
      `study "${studyId}" has ${count} objectives: expected one, for a best trial under other guardrails`,
    );
  }
  const trials = trialsInPlay(definition, await listTrials(store, studyId), millisecondsOf(clock()));
  const asked = withGuardrails(definition, guardrails);
  checkAnswerable(asked, trials);
  const metrics = whatIfMetrics(definition, asked, trials);
  const steered = withMargins(asked, trials);
  const fitted = await fitMetrics(pool, steered.definition, steered.trials, metrics);
  return pool.run('whatIf', { definition, asked, trials: packTrials(trials), fitted });
}

function checkAnswerable(asked: StudyDefinition, trials: readonly Trial[]): void {
  const { name, guardrails } = asked;
  if (guardrails.length === 0) {
    throw new DomainError('request_invalid', `study "${name}" has no guardrail: expected one to ask about`);
  }
  const completed = trials.filter(({ state, lacks }) => state === 'completed' && lacks === undefined);
  if (observedTrials(trials).length === 0) {
    throw new DomainError(
      'request_invalid',
      `study "${name}" has no completed trial with weights: expected at least one`,
    );
  }
  for (const { metric } of guardrails) {
    const without = completed.filter(
      ({ observations }) => observationOf(asked, observations, metric) === undefined,
    );
    if (without.length === 0) continue;
    throw new DomainError(
      'request_invalid',
      `${metric}${whatItIs(asked, metric)} was not measured in ${trialsText(without)}: expected one of ${measured(asked, completed).join(', ')}`,
    );
  }
  if (guardrailBounds(asked, trials) === undefined) {
    throw new DomainError('request_invalid', `${BASELINE_UNMEASURED}: expected it completed`);
  }
}

/** Of a metric that nobody may have asked about. */
function whatItIs({ heads = {} }: StudyDefinition, name: string): string {
  const metric = parseLogMetric(name, Object.keys(heads));
  const isSample = typeof metric !== 'string' && metric.kind.endsWith('.ess');
  return isSample ? ', the effective sample of an estimate,' : '';
}

/** Numbers of trials that are told. */
const MOST_NUMBERS = 3;

function trialsText(trials: readonly Trial[]): string {
  const numbers = trials.slice(0, MOST_NUMBERS).map(({ number }) => number);
  const more = trials.length > MOST_NUMBERS ? ` and ${trials.length - MOST_NUMBERS} more` : '';
  return `trial${trials.length === 1 ? '' : 's'} ${numbers.join(', ')}${more}`;
}

/** The metrics, derived ones among them, that every completed trial has. */
function measured(definition: StudyDefinition, completed: readonly Trial[]): readonly string[] {
  const names = [
    ...Object.keys(completed[0]!.observations),
    ...Object.keys(definition.derived ?? {}).filter((metric) => isDerived(definition, metric)),
  ];
  return names.filter((metric) =>
    completed.every(({ observations }) => observationOf(definition, observations, metric) !== undefined),
  );
}
