import type { Observations } from '../src/domain/trial.ts';
import { TRANSITIONS, type TrialAction } from '../src/domain/trial-state.ts';
import { insertObservations } from './observations.ts';
import { inTransaction, type Store } from './open.ts';

/** An end of a trial that brings no observations, or takes them out of account. */
export type EndingAction = Exclude<TrialAction, 'complete' | 'heartbeat' | 'correct'>;

/**
 * Ends a trial, with the reason, where its state allows the action; the time at which it stopped running stays the first.
 *
 * What was observed stays stored. Returns false where the state does not allow it.
 */
export async function endTrial(
  store: Store,
  studyId: string,
  number: number,
  action: EndingAction,
  { reason, at }: { readonly reason: string | null; readonly at: string },
): Promise<boolean> {
  const { from, to } = TRANSITIONS[action];
  const { numUpdatedRows } = await store
    .updateTable('trials')
    .set((expression) => ({
      state: to,
      reason,
      lease_expires_at: null,
      completed_at: expression.fn.coalesce(expression.ref('completed_at'), expression.val(at)),
    }))
    .where('study_id', '=', studyId)
    .where('number', '=', number)
    .where('state', 'in', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Replaces the observations of a completed trial, in one transaction. Returns false where it is not completed. */
export async function correctTrial(
  store: Store,
  studyId: string,
  number: number,
  observations: Readonly<Observations>,
): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    const found = await transaction
      .selectFrom('trials')
      .select('number')
      .where('study_id', '=', studyId)
      .where('number', '=', number)
      .where('state', 'in', TRANSITIONS.correct.from)
      .executeTakeFirst();
    if (found === undefined) return false;
    await transaction
      .deleteFrom('observations')
      .where('study_id', '=', studyId)
      .where('trial_number', '=', number)
      .execute();
    await insertObservations(transaction, studyId, number, observations);
    return true;
  });
}
