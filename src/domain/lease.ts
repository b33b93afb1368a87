import { wholeNumberSchema } from './number.ts';

/** How long a client has a trial unless it says, and at most: an online experiment may run for weeks. */
export const DEFAULT_LEASE_SECONDS = 3600;
const LONGEST_LEASE_SECONDS = 90 * 86_400;

export const leaseSecondsSchema = wholeNumberSchema(1, LONGEST_LEASE_SECONDS);

/** Who has a running trial, and until when; times are milliseconds since the epoch. */
export interface Lease {
  /** Null where nobody said who asked. */
  readonly clientId: string | null;
  /** Null where the trial is nobody else's, however long it takes. */
  readonly leaseExpiresAt: number | null;
}

export const NO_LEASE: Lease = { clientId: null, leaseExpiresAt: null };

/** Whether the time of the lease is over: the trial leaves the pending set, and may be handed out again. */
export function isExpired({ leaseExpiresAt }: Pick<Lease, 'leaseExpiresAt'>, now: number): boolean {
  return leaseExpiresAt !== null && leaseExpiresAt <= now;
}

/** The end of a lease that begins or is renewed now: never before the end that it had, whatever the clock does. */
export function renewedUntil(
  { leaseExpiresAt }: Pick<Lease, 'leaseExpiresAt'>,
  now: number,
  leaseSeconds: number,
): number {
  return Math.max(leaseExpiresAt ?? 0, now + leaseSeconds * 1000);
}
