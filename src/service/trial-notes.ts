import { appendEvents } from '../../store/events.ts';
import { insertNote, listNotes, type Note } from '../../store/notes.ts';
import { inReadTransaction, inTransaction } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { getTrial } from '../../store/trials.ts';
import { occasionOf, type ServiceContext, type WriteContext } from './service-context.ts';

export { noteSchema, type Note } from '../../store/notes.ts';

/** Writes something beside a trial, whatever its state. Throws `study_not_found`, `trial_not_found`. */
export async function addNote(
  context: WriteContext<Note>,
  studyId: string,
  number: number,
  text: string,
): Promise<Note> {
  return inTransaction(context.store, async (transaction) => {
    await getStudy(transaction, studyId);
    await getTrial(transaction, studyId, number);
    const occasion = occasionOf(context);
    const note = await insertNote(transaction, studyId, number, occasion, text);
    const payload = { note: note.number };
    await appendEvents(transaction, studyId, occasion, [{ kind: 'trial_noted', trial: number, payload }]);
    await context.onStored?.(transaction, note);
    return note;
  });
}

/** The notes of a trial, oldest first. Throws `study_not_found`, `trial_not_found`. */
export async function readNotes(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  number: number,
): Promise<readonly Note[]> {
  return inReadTransaction(store, async (transaction) => {
    await getStudy(transaction, studyId);
    await getTrial(transaction, studyId, number);
    return listNotes(transaction, studyId, number);
  });
}
