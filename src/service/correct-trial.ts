import { correctTrial as storeCorrection } from '../../store/trial-states.ts';
import type { StoredTrial } from '../../store/trials.ts';
import { type Measurements, measuredOf } from '../domain/trial.ts';
import { changeTrial } from './change-trial.ts';
import { checkMeasurements } from './complete-trial.ts';
import type { WriteContext } from './service-context.ts';

/**
 * Replaces all that was measured of a completed trial; the event log keeps what it was, and why.
 *
 * Throws what `completeTrial` throws, `trial_state` where the trial is not completed.
 */
export async function correctTrial(
  context: WriteContext<StoredTrial>,
  studyId: string,
  number: number,
  measurements: Measurements,
  reason: string,
): Promise<StoredTrial> {
  return changeTrial(context, studyId, number, {
    action: 'correct',
    check: (definition) => checkMeasurements(definition, number, measurements),
    async apply({ transaction, trial }) {
      await storeCorrection(transaction, studyId, number, measuredOf(measurements));
      const payload = { reason, before: trial.observations, metrics: measurements };
      return { kind: 'trial_corrected', trial: number, payload };
    },
  });
}
