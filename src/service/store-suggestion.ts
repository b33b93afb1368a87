import { appendEvents, type NewEvent } from '../../store/events.ts';
import { giveLease } from '../../store/leases.ts';
import type { Store } from '../../store/open.ts';
import { getTrial, type NewTrial, type StoredTrial } from '../../store/trials.ts';
import { DEFAULT_LEASE_SECONDS, type Lease, NO_LEASE, renewedUntil } from '../domain/lease.ts';
import type { SuggestionRequest, SuggestionShare } from './plan-suggestion.ts';
import { type Basis, recordTrials } from './record-trials.ts';
import { millisecondsOf, occasionOf, type WriteContext } from './service-context.ts';

/** What one request is given, and out of what the new trials were made. */
export interface GivenTrials extends Pick<SuggestionShare, 'kept' | 'handedOut'> {
  readonly fresh: readonly NewTrial[];
  readonly basis: Basis;
}

/** Undoes the transaction that meets it: another process has taken a number or a lease, or a trial has ended. */
export class OvertakenError extends Error {}

/**
 * Stores what a request is given, with its leases, events and answer, in the transaction of all that were planned together.
 *
 * Throws OvertakenError.
 */
export async function storeSuggestion(
  transaction: Store,
  studyId: string,
  context: WriteContext<readonly StoredTrial[]>,
  request: SuggestionRequest,
  { kept, handedOut, fresh, basis }: GivenTrials,
): Promise<readonly StoredTrial[]> {
  const occasion = occasionOf(context);
  const given: StoredTrial[] = [];
  const events: NewEvent[] = [];
  for (const trial of [...kept, ...handedOut]) {
    const lease = leaseOf(request, occasion.at, trial);
    if (!(await giveLease(transaction, studyId, trial.number, trial, lease))) throw new OvertakenError();
    given.push(await getTrial(transaction, studyId, trial.number));
    if (handedOut.includes(trial)) {
      const payload = { ...lease, from: trial.clientId };
      events.push({ kind: 'trial_handed_out', trial: trial.number, payload });
    }
  }
  await appendEvents(transaction, studyId, occasion, events);
  const lease = leaseOf(request, occasion.at);
  if (fresh.length > 0) {
    const stored = await recordTrials(transaction, studyId, fresh, occasion, { lease, basis });
    if (stored < fresh.length) throw new OvertakenError();
  }
  const result = [
    ...given,
    ...fresh.map((trial): StoredTrial => ({
      number: trial.number,
      state: 'running',
      weights: trial.weights,
      provenance: trial.provenance,
      observations: {},
      ...lease,
      reason: null,
      createdAt: occasion.at,
      completedAt: null,
    })),
  ];
  await context.onStored?.(transaction, result);
  return result;
}

/** The lease that the client gets; one that it has already never ends earlier for it. */
function leaseOf({ clientId, leaseSeconds }: SuggestionRequest, at: string, held?: Lease): Lease {
  if (clientId === undefined && leaseSeconds === undefined) return NO_LEASE;
  const own = held !== undefined && clientId !== undefined && held.clientId === clientId ? held : NO_LEASE;
  return {
    clientId: clientId ?? null,
    leaseExpiresAt: renewedUntil(own, millisecondsOf(at), leaseSeconds ?? DEFAULT_LEASE_SECONDS),
  };
}
