import { type EventKind, type EventPayload, type StudyEvent, studyEventSchema } from '../src/domain/event.ts';
import { DomainError } from '../src/domain/errors.ts';
import { parseWith } from '../src/domain/schema.ts';
import { inTransaction, type Store } from './open.ts';
import type { Database } from './schema.ts';

/** An event to store; its place in the sequence is the next. */
export interface NewEvent {
  readonly kind: EventKind;
  /** Null for what is not of one trial. */
  readonly trial: number | null;
  readonly payload: EventPayload;
}

/** Who did it, and when. */
export interface Occasion {
  readonly actor: string;
  readonly at: string;
}

/** Adds events to the end of a study's log. In the transaction of what they tell, so that neither is without the other. */
export async function appendEvents(
  store: Store,
  studyId: string,
  { actor, at }: Occasion,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await inTransaction(store, async (transaction) => {
    const last = await lastSequence(transaction, studyId);
    const rows = events.map(({ kind, trial, payload }, i) => ({
      study_id: studyId,
      sequence: last + 1 + i,
      at,
      actor,
      kind,
      trial_number: trial,
      payload: JSON.stringify(payload),
    }));
    await transaction.insertInto('events').values(rows).execute();
  });
}

/** The sequence number of the latest event of a study; 0 before the first. */
export async function lastSequence(store: Store, studyId: string): Promise<number> {
  const last = await store
    .selectFrom('events')
    .select('sequence')
    .where('study_id', '=', studyId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.sequence ?? 0;
}

/** The events of a study after one, in order, at most `most` of them. */
export async function listEvents(
  store: Store,
  studyId: string,
  after: number,
  most: number,
): Promise<readonly StudyEvent[]> {
  const rows = await store
    .selectFrom('events')
    .select(['sequence', 'at', 'actor', 'kind', 'trial_number', 'payload'])
    .where('study_id', '=', studyId)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(most)
    .execute();
  return rows.map((row) => eventOfRow(studyId, row));
}

/** The event by which a trial came; undefined where it came together with others. */
export async function firstEventOfTrial(
  store: Store,
  studyId: string,
  trialNumber: number,
): Promise<StudyEvent | undefined> {
  const row = await store
    .selectFrom('events')
    .select(['sequence', 'at', 'actor', 'kind', 'trial_number', 'payload'])
    .where('study_id', '=', studyId)
    .where('trial_number', '=', trialNumber)
    .where('kind', 'in', ['trial_suggested', 'trial_attached'])
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row && eventOfRow(studyId, row);
}

/** Throws `database_invalid`. */
function eventOfRow(
  studyId: string,
  { trial_number: trial, payload, ...rest }: Omit<Database['events'], 'study_id'>,
): StudyEvent {
  try {
    const event = { ...rest, trial, payload: JSON.parse(payload) as unknown };
    return parseWith(studyEventSchema, event, 'database_invalid');
  } catch (error) {
    const reason = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError(
      'database_invalid',
      `event ${rest.sequence} of study "${studyId}" as stored cannot be read: ${reason}`,
    );
  }
}
