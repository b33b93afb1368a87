import { z } from 'zod';
import type { Occasion } from './events.ts';
import { inTransaction, type Store } from './open.ts';

/** What somebody wrote beside a trial. */
export const noteSchema = z
  .strictObject({
    number: z.int().min(1).describe('From 1 on, of its trial.'),
    at: z.string(),
    author: z.string(),
    text: z.string(),
  })
  .meta({ id: 'Note' });

export type Note = Readonly<z.output<typeof noteSchema>>;

/** Adds a note to a trial that exists. */
export async function insertNote(
  store: Store,
  studyId: string,
  trialNumber: number,
  { actor, at }: Occasion,
  text: string,
): Promise<Note> {
  return inTransaction(store, async (transaction) => {
    const before = await listNotes(transaction, studyId, trialNumber);
    const number = (before.at(-1)?.number ?? 0) + 1;
    const note = { number, at, author: actor, text };
    await transaction
      .insertInto('notes')
      .values({ study_id: studyId, trial_number: trialNumber, ...note })
      .execute();
    return note;
  });
}

/** The notes of a trial, oldest first. */
export async function listNotes(
  store: Store,
  studyId: string,
  trialNumber: number,
): Promise<readonly Note[]> {
  return store
    .selectFrom('notes')
    .select(['number', 'at', 'author', 'text'])
    .where('study_id', '=', studyId)
    .where('trial_number', '=', trialNumber)
    .orderBy('number')
    .execute();
}
