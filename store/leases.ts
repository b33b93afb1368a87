import type { Lease } from '../src/domain/lease.ts';
import type { Store } from './open.ts';

/**
 * Gives a running trial this lease, where it still has the one that it was seen with: of two who want it one gets it.
 *
 * Returns whether it was given.
 */
export async function giveLease(
  store: Store,
  studyId: string,
  number: number,
  seen: Lease,
  { clientId, leaseExpiresAt }: Lease,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('trials')
    .set({ client_id: clientId, lease_expires_at: leaseExpiresAt })
    .where('study_id', '=', studyId)
    .where('number', '=', number)
    .where('state', '=', 'running')
    .where('client_id', 'is not distinct from', seen.clientId)
    .where('lease_expires_at', 'is not distinct from', seen.leaseExpiresAt)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
