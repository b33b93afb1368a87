import { getStudy } from '../../store/studies.ts';
import { completeTrial as storeCompletion, getTrial, type StoredTrial } from '../../store/trials.ts';
import { isDerived, observationOf } from '../domain/derived-metric.ts';
import { DomainError, inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import { multipleProblem } from '../domain/study-rules.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations } from '../domain/trial.ts';
import { checkMetrics } from './check-metrics.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Completes a running trial with what the external evaluator measured.
 *
 * Throws `study_has_log` for a study with a log, `metrics_invalid` for a metric that is missing, unknown, lacks
 * its sem or has one though it is exact, `trial_state` where the trial is not running, `baseline_invalid` for a baseline that a guardrail cannot be a
 * multiple of.
 */
export async function completeTrial(
  { store, queue, clock }: ServiceContext,
  studyId: string,
  number: number,
  observations: Observations,
): Promise<StoredTrial> {
  return queue(studyId, async () => {
    const { definition } = await getStudy(store, studyId);
    if (definition.log !== undefined) {
      throw new DomainError(
        'study_has_log',
        `study "${studyId}" has a log: its trials are completed by "pondera sweep"`,
      );
    }
    const trial = await getTrial(store, studyId, number);
    checkMetrics(definition, observations);
    if (number === BASELINE_TRIAL) checkBaseline(definition, observations);
    const completedAt = clock();
    if (!(await storeCompletion(store, studyId, number, observations, completedAt))) {
      const { state } = await getTrial(store, studyId, number);
      const found = `trial ${number} is ${state}: expected a running trial`;
      throw new DomainError('trial_state', found, {}, { state });
    }
    return { ...trial, state: 'completed', observations, completedAt };
  });
}

/** Throws where the guardrails cannot be told from what the baseline measured. */
function checkBaseline(definition: StudyDefinition, observations: Observations): void {
  const problems = definition.guardrails.flatMap((guardrail): readonly InputProblem[] => {
    const { metric } = guardrail;
    const detail = multipleProblem(guardrail, observationOf(definition, observations, metric)?.mean);
    if (detail === undefined) return [];
    const pointer = pointerOf(isDerived(definition, metric) ? ['metrics'] : ['metrics', metric]);
    return [{ pointer, detail: `${detail}, in a new study: guardrails cannot change` }];
  });
  if (problems.length > 0) throw inputError('baseline_invalid', problems);
}
