import { listEvents } from '../../store/events.ts';
import { getStudy } from '../../store/studies.ts';
import type { StudyEvent } from '../domain/event.ts';
import type { ServiceContext } from './service-context.ts';

/** The events of a study after one, in order, at most `most`. Throws `study_not_found`. */
export async function readEvents(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  after: number,
  most: number,
): Promise<readonly StudyEvent[]> {
  await getStudy(store, studyId);
  return listEvents(store, studyId, after, most);
}
