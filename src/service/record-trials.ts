import { appendEvents, type NewEvent, type Occasion } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { completeTrial, insertTrials, type NewTrial } from '../../store/trials.ts';
import { type Lease, NO_LEASE } from '../domain/lease.ts';
import { isSuggested, type Measurements, measuredOf, type Weights } from '../domain/trial.ts';

/** What a suggestion was computed from: with the study's seed, all that its candidates are a function of. */
export interface Basis {
  /** The sequence number of the last event before; the completed trials are those of the events until then. */
  readonly after: number;
  /** The trials that counted as running, beside those of the same suggestion. */
  readonly pending: readonly number[];
  /** How many candidates were to be chosen at once, also for requests that then left: what one is may depend on it. */
  readonly together: number;
  /** Weights that were asked to have these values. */
  readonly fixed?: Weights;
}

/**
 * Stores trials that nobody has stored yet, together with their events. Returns how many were stored: fewer where another
 * process has taken numbers.
 */
export async function recordTrials(
  store: Store,
  studyId: string,
  trials: readonly NewTrial[],
  occasion: Occasion,
  { lease = NO_LEASE, basis }: { readonly lease?: Lease; readonly basis?: Basis } = {},
): Promise<number> {
  return inTransaction(store, async (transaction) => {
    const taken = await transaction
      .selectFrom('trials')
      .select('number')
      .where('study_id', '=', studyId)
      .where(
        'number',
        'in',
        trials.map(({ number }) => number),
      )
      .execute();
    const numbers = new Set(taken.map(({ number }) => number));
    const free = trials.filter(({ number }) => !numbers.has(number));
    const stored = await insertTrials(transaction, studyId, free, occasion.at, lease);
    const events = free.map((trial) => trialEvent(trial, lease, basis));
    await appendEvents(transaction, studyId, occasion, events);
    return stored;
  });
}

function trialEvent({ number, provenance }: NewTrial, lease: Lease, basis: Basis | undefined): NewEvent {
  const { generator } = provenance;
  return {
    kind: isSuggested(generator) ? 'trial_suggested' : 'trial_attached',
    trial: number,
    payload: { generator, ...lease, ...(basis !== undefined && { basis }) },
  };
}

/** Completes a running trial, together with the event. Returns false where it was not running. */
export async function recordCompletion(
  store: Store,
  studyId: string,
  number: number,
  measurements: Measurements,
  occasion: Occasion,
): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    const observations = measuredOf(measurements);
    if (!(await completeTrial(transaction, studyId, number, observations, occasion.at))) return false;
    const event: NewEvent = { kind: 'trial_completed', trial: number, payload: { metrics: measurements } };
    await appendEvents(transaction, studyId, occasion, [event]);
    return true;
  });
}
