import type { StoredTrial } from '../../store/trials.ts';
import { isDerived, observationOf } from '../domain/derived-metric.ts';
import { inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import { multipleProblem } from '../domain/study-rules.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Measurements, measuredOf } from '../domain/trial.ts';
import { changeTrial, checkWithoutLog } from './change-trial.ts';
import { checkMetrics } from './check-metrics.ts';
import { recordCompletion } from './record-trials.ts';
import type { WriteContext } from './service-context.ts';

/**
 * Completes a running trial with what the external evaluator measured, whoever has it: a client whose lease has expired may
 * still be the first.
 *
 * Throws `study_has_log` for a study with a log, `metrics_invalid` for a metric that is missing, unknown, lacks
 * its sem or has one though it is exact, `trial_state` where the trial is not running, `baseline_invalid` for a baseline that a guardrail cannot be a
 * multiple of.
 */
export async function completeTrial(
  context: WriteContext<StoredTrial>,
  studyId: string,
  number: number,
  measurements: Measurements,
): Promise<StoredTrial> {
  return changeTrial(context, studyId, number, {
    action: 'complete',
    check: (definition) => checkMeasurements(definition, number, measurements),
    async apply({ transaction, occasion }) {
      await recordCompletion(transaction, studyId, number, measurements, occasion);
      return undefined;
    },
  });
}

/** Throws what is wrong with the measurements of a trial. */
export function checkMeasurements(
  definition: StudyDefinition,
  number: number,
  measurements: Measurements,
): void {
  checkWithoutLog(definition);
  checkMetrics(definition, measurements, number);
  if (number === BASELINE_TRIAL) checkBaseline(definition, measurements);
}

/** Throws where the guardrails cannot be told from what the baseline measured. */
function checkBaseline(definition: StudyDefinition, measurements: Measurements): void {
  const problems = definition.guardrails.flatMap((guardrail): readonly InputProblem[] => {
    const { metric } = guardrail;
    const measured = observationOf(definition, measuredOf(measurements), metric);
    const detail = multipleProblem(guardrail, measured?.mean);
    if (detail === undefined) return [];
    const pointer = pointerOf(isDerived(definition, metric) ? ['metrics'] : ['metrics', metric]);
    return [{ pointer, detail: `${detail}, in a new study: guardrails cannot change` }];
  });
  if (problems.length > 0) throw inputError('baseline_invalid', problems);
}
