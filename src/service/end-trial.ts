import { giveLease } from '../../store/leases.ts';
import { endTrial, type EndingAction } from '../../store/trial-states.ts';
import type { StoredTrial } from '../../store/trials.ts';
import type { EventKind } from '../domain/event.ts';
import { DomainError } from '../domain/errors.ts';
import { BASELINE_TRIAL } from '../domain/trial.ts';
import { changeTrial, checkWithoutLog } from './change-trial.ts';
import { millisecondsOf, type WriteContext } from './service-context.ts';

const EVENT: Readonly<Record<EndingAction, EventKind>> = {
  fail: 'trial_failed',
  infeasible: 'trial_infeasible',
  abandon: 'trial_abandoned',
  void: 'trial_voided',
};

/**
 * Ends a running trial without a result, or takes a finished one out of account.
 *
 * `fail`: the evaluation broke; `infeasible`: these weights cannot be evaluated; both use the budget, and the weights are not
 * proposed again. `abandon`: nobody will measure it; `void`: its result is wrong; both give the budget back, and the trial is
 * as if it had never been. The baseline is what all others are compared with: abandoned it waits for the next client,
 * and the rest is refused for it.
 *
 * Throws `study_has_log` for all but `void`, `trial_state`.
 */
export async function endTrialWith(
  context: WriteContext<StoredTrial>,
  studyId: string,
  number: number,
  action: EndingAction,
  reason: string | null,
): Promise<StoredTrial> {
  return changeTrial(context, studyId, number, {
    action,
    check(definition, { state }) {
      if (action !== 'void') checkWithoutLog(definition, 'run');
      if (number === BASELINE_TRIAL && action !== 'abandon') refuseForBaseline(action, state);
    },
    async apply({ transaction, trial, occasion }) {
      const event = { kind: EVENT[action], trial: number, payload: { reason } };
      if (number === BASELINE_TRIAL) {
        const released = { clientId: null, leaseExpiresAt: millisecondsOf(occasion.at) };
        await giveLease(transaction, studyId, number, trial, released);
      } else await endTrial(transaction, studyId, number, action, { reason, at: occasion.at });
      return event;
    },
  });
}

function refuseForBaseline(action: EndingAction, state: string): never {
  const expected =
    action === 'void' ? '":correct" with what is right' : '":complete", or ":abandon" for the next client';
  throw new DomainError(
    'trial_state',
    `trial 0 is the baseline, which all others are compared with: expected ${expected}`,
    {},
    { state },
  );
}
