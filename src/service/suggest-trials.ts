import { appendEvents, type NewEvent } from '../../store/events.ts';
import { giveLease } from '../../store/leases.ts';
import { inTransaction } from '../../store/open.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { getTrial, type StoredTrial } from '../../store/trials.ts';
import { DEFAULT_LEASE_SECONDS, type Lease, NO_LEASE, renewedUntil } from '../domain/lease.ts';
import { checkWithoutLog } from './change-trial.ts';
import { planSuggestion, type SuggestionPlan, type SuggestionRequest } from './plan-suggestion.ts';
import { recordTrials } from './record-trials.ts';
import { millisecondsOf, occasionOf, type WriteContext } from './service-context.ts';
import { type StudyMoment, studyMoment } from './study-moment.ts';

export type { SuggestionRequest } from './plan-suggestion.ts';

/**
 * Suggests trials for an external evaluator (`planSuggestion`).
 *
 * Every trial returned is stored as running before it is returned, and counts as pending for the next while its lease lasts:
 * without a client and a time, for good. Fewer than `count` come back where the study's budget ends; none left throws
 * `budget_exhausted`, a study with a log `study_has_log`.
 */
export async function suggestTrials(
  context: WriteContext<readonly StoredTrial[]>,
  studyId: string,
  request: SuggestionRequest,
): Promise<readonly StoredTrial[]> {
  const { store, pool, queue, clock } = context;
  return queue(studyId, async () => {
    for (;;) {
      await checkTakesTrials(store, studyId);
      const moment = await studyMoment(store, studyId);
      checkWithoutLog(moment.definition, 'run');
      const plan = await planSuggestion(pool, moment, millisecondsOf(clock()), request);
      const stored = await storePlan(context, moment, plan, request);
      // Else another process has taken a number or a lease, or one of the trials has ended.
      if (stored !== undefined) return stored;
    }
  });
}

/** Stores all of the plan, or nothing and returns undefined where it is overtaken. */
async function storePlan(
  context: WriteContext<readonly StoredTrial[]>,
  { definition: { name }, after }: StudyMoment,
  { kept, handedOut, fresh, pending }: SuggestionPlan,
  request: SuggestionRequest,
): Promise<readonly StoredTrial[] | undefined> {
  const occasion = occasionOf(context);
  try {
    return await inTransaction(context.store, async (transaction) => {
      await checkTakesTrials(transaction, name);
      const given: StoredTrial[] = [];
      const events: NewEvent[] = [];
      for (const trial of [...kept, ...handedOut]) {
        const lease = leaseOf(request, occasion.at, trial);
        if (!(await giveLease(transaction, name, trial.number, trial, lease))) throw new OvertakenError();
        given.push(await getTrial(transaction, name, trial.number));
        if (handedOut.includes(trial)) {
          const payload = { ...lease, from: trial.clientId };
          events.push({ kind: 'trial_handed_out', trial: trial.number, payload });
        }
      }
      await appendEvents(transaction, name, occasion, events);
      const lease = leaseOf(request, occasion.at);
      if (fresh.length > 0) {
        const basis = { after, pending };
        const stored = await recordTrials(transaction, name, fresh, occasion, { lease, basis });
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
    });
  } catch (error) {
    if (error instanceof OvertakenError) return undefined;
    throw error;
  }
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

/** Undoes the transaction that meets it. */
class OvertakenError extends Error {}
