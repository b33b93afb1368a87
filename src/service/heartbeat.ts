import { giveLease } from '../../store/leases.ts';
import type { StoredTrial } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { DEFAULT_LEASE_SECONDS, renewedUntil } from '../domain/lease.ts';
import { changeTrial, checkWithoutLog } from './change-trial.ts';
import { millisecondsOf, type WriteContext } from './service-context.ts';

/** Whose trial it is taken to be, and for how long from now on. */
export interface Heartbeat {
  readonly clientId?: string | undefined;
  readonly leaseSeconds?: number | undefined;
}

/**
 * Extends the lease of a running trial, also one that has expired and that nobody else has been given; never shortens it.
 *
 * Heartbeats are not in the event log. Throws `study_has_log`, `trial_state` where the trial does not run, and `lease_lost`
 * where another client has it.
 */
export async function extendLease(
  context: WriteContext<StoredTrial>,
  studyId: string,
  number: number,
  { clientId, leaseSeconds = DEFAULT_LEASE_SECONDS }: Heartbeat,
): Promise<StoredTrial> {
  return changeTrial(context, studyId, number, {
    action: 'heartbeat',
    check: (definition) => checkWithoutLog(definition, 'run'),
    async apply({ transaction, trial, occasion }) {
      if (clientId !== undefined && trial.clientId !== clientId) {
        const holder = trial.clientId === null ? 'no client' : 'another client';
        throw new DomainError(
          'lease_lost',
          `trial ${number} belongs to ${holder}: expected the client that was given it last`,
          { pointer: '/clientId' },
        );
      }
      const leaseExpiresAt = renewedUntil(trial, millisecondsOf(occasion.at), leaseSeconds);
      await giveLease(transaction, studyId, number, trial, { clientId: trial.clientId, leaseExpiresAt });
      return undefined;
    },
  });
}
