import { getStudy } from '../../store/studies.ts';
import { completeTrial as storeCompletion, getTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observations, type Trial } from '../domain/trial.ts';
import { guardrailBounds } from '../optimizer/guardrail-bounds.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Completes a running trial with what the external evaluator measured.
 *
 * Throws `study_unsupported` for a study with a log, `metrics_invalid` for a metric that is missing, unknown or lacks
 * its sem, `trial_state` where the trial is not running, `baseline_invalid` for a baseline that a guardrail cannot be a
 * multiple of.
 */
export async function completeTrial(
  { store, queue, clock }: ServiceContext,
  studyId: string,
  number: number,
  observations: Observations,
): Promise<Trial> {
  return queue(studyId, async () => {
    const { definition } = await getStudy(store, studyId);
    if (definition.log !== undefined) {
      throw new DomainError(
        'study_unsupported',
        `study "${studyId}" has a log: its trials are completed by "pondera sweep"`,
      );
    }
    const trial = await getTrial(store, studyId, number);
    checkMetrics(definition, observations);
    const completed: Trial = { ...trial, state: 'completed', observations };
    if (number === BASELINE_TRIAL) guardrailBounds(definition, [completed]);
    if (!(await storeCompletion(store, studyId, number, observations, clock()))) {
      const { state } = await getTrial(store, studyId, number);
      throw new DomainError('trial_state', `trial ${number} is ${state}: expected a running trial`);
    }
    return completed;
  });
}

function checkMetrics(definition: StudyDefinition, observations: Observations): void {
  const needed = modelledMetrics(definition);
  const missing = needed.find((metric) => !Object.hasOwn(observations, metric));
  if (missing !== undefined) {
    throw new DomainError('metrics_invalid', `lacks ${missing}: expected ${needed.join(', ')}`, {
      pointer: '/metrics',
    });
  }
  const known = new Set([...needed, ...Object.keys(definition.metrics)]);
  for (const [metric, { sem }] of Object.entries(observations)) {
    const pointer = `/metrics/${metric}`;
    if (!known.has(metric)) {
      throw new DomainError('metrics_invalid', `unknown metric: expected ${[...known].join(', ')}`, {
        pointer,
      });
    }
    if (sem === null && definition.metrics[metric]?.noise === 'known') {
      throw new DomainError('metrics_invalid', 'lacks its sem, which the study says is known', { pointer });
    }
  }
}
