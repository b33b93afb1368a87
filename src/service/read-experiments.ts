import { getExperiment, listExperiments, type StoredExperiment } from '../../store/experiments.ts';
import { listReadouts, type StoredReadout } from '../../store/readouts.ts';
import { getStudy } from '../../store/studies.ts';
import type { ServiceContext } from './service-context.ts';

export type { StoredExperiment } from '../../store/experiments.ts';
export type { StoredReadout } from '../../store/readouts.ts';

/** The experiments of a study by number. Throws `study_not_found`. */
export async function readExperiments(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
): Promise<readonly StoredExperiment[]> {
  await getStudy(store, studyId);
  return listExperiments(store, studyId);
}

/** Throws `study_not_found`, `experiment_not_found`. */
export async function readExperiment(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  number: number,
): Promise<StoredExperiment> {
  await getStudy(store, studyId);
  return getExperiment(store, studyId, number);
}

/** All readouts of an experiment, oldest first. Throws `study_not_found`, `experiment_not_found`. */
export async function readReadouts(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  number: number,
): Promise<readonly StoredReadout[]> {
  await readExperiment({ store }, studyId, number);
  return listReadouts(store, studyId, number);
}
