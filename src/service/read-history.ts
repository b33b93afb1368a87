import { getStudy, listStudies as storedStudies, type StoredStudy } from '../../store/studies.ts';
import { getTrial, listTrials as storedTrials, type StoredTrial } from '../../store/trials.ts';
import type { ServiceContext } from './service-context.ts';

export type { StoredStudy } from '../../store/studies.ts';
export type { StoredTrial } from '../../store/trials.ts';

export async function listStudies({ store }: ServiceContext): Promise<readonly StoredStudy[]> {
  return storedStudies(store);
}

/** Throws `study_not_found`. */
export async function readStudy({ store }: ServiceContext, studyId: string): Promise<StoredStudy> {
  return getStudy(store, studyId);
}

/** Throws `study_not_found`. */
export async function listTrials(
  { store }: ServiceContext,
  studyId: string,
): Promise<readonly StoredTrial[]> {
  await getStudy(store, studyId);
  return storedTrials(store, studyId);
}

/** Throws `study_not_found`, `trial_not_found`. */
export async function readTrial(
  { store }: ServiceContext,
  studyId: string,
  number: number,
): Promise<StoredTrial> {
  await getStudy(store, studyId);
  return getTrial(store, studyId, number);
}
