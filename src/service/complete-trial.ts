import { getStudy } from '../../store/studies.ts';
import { completeTrial as storeCompletion, getTrial, type StoredTrial } from '../../store/trials.ts';
import { DomainError, inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import { multipleProblem } from '../domain/study-rules.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations } from '../domain/trial.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
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

/** Throws with all that is wrong with the metrics, at their places in the body of the request. */
function checkMetrics(definition: StudyDefinition, observations: Observations): void {
  const problems = [...metricProblems(definition, observations)];
  if (problems.length > 0) throw inputError('metrics_invalid', problems);
}

function* metricProblems(definition: StudyDefinition, observations: Observations): Generator<InputProblem> {
  const needed = modelledMetrics(definition);
  const missing = needed.filter((metric) => !Object.hasOwn(observations, metric));
  if (missing.length > 0) {
    yield { pointer: '/metrics', detail: `lacks ${missing.join(', ')}: expected ${needed.join(', ')}` };
  }
  const known = new Set([...needed, ...(definition.report ?? [])]);
  for (const [metric, { sem }] of Object.entries(observations)) {
    const pointer = pointerOf(['metrics', metric]);
    if (!known.has(metric)) {
      yield { pointer, detail: `unknown metric: expected ${[...known].join(', ')}` };
    } else if (sem === null && definition.metrics[metric]?.noise === 'known') {
      yield { pointer, detail: 'lacks its sem, which the study says is known: expected {mean, sem}' };
    } else if (sem !== null && sem > 0 && definition.metrics[metric]?.noise === 'none') {
      yield {
        pointer: `${pointer}/sem`,
        detail: `is ${sem}, but the study says noise: none: expected no sem, or another noise for ${metric}`,
      };
    }
  }
}

/** Throws where the guardrails cannot be told from what the baseline measured. */
function checkBaseline({ guardrails }: StudyDefinition, observations: Observations): void {
  const problems = guardrails.flatMap((guardrail): readonly InputProblem[] => {
    const { metric } = guardrail;
    const detail = multipleProblem(guardrail, observations[metric]?.mean);
    return detail === undefined ? [] : [{ pointer: pointerOf(['metrics', metric]), detail }];
  });
  if (problems.length > 0) throw inputError('baseline_invalid', problems);
}
