import type { Insertable } from 'kysely';
import type { Observations } from '../src/domain/trial.ts';
import type { Store } from './open.ts';
import { paddedNumbers } from './padded-numbers.ts';
import type { ObservationTable } from './schema.ts';

/** The rows of what was observed in a trial, one a metric. */
export function observationRows(
  studyId: string,
  trialNumber: number,
  observations: Readonly<Observations>,
): readonly Insertable<ObservationTable>[] {
  return Object.entries(observations).map(([metric, { mean, sem, n, changeSem, bounds }]) => ({
    study_id: studyId,
    trial_number: trialNumber,
    metric,
    mean,
    sem,
    change_sem: changeSem ?? null,
    lower_bound: bounds?.lower ?? null,
    upper_bound: bounds?.upper ?? null,
    n: n ?? null,
  }));
}

export async function insertObservations(
  store: Store,
  studyId: string,
  trialNumber: number,
  observations: Readonly<Observations>,
): Promise<void> {
  const rows = observationRows(studyId, trialNumber, observations);
  if (rows.length > 0) await store.insertInto('observations').values(rows).execute();
}

/** The observations of a study, or of these trials of it, by trial number. */
export async function observationsByTrial(
  store: Store,
  studyId: string,
  trialNumbers?: readonly number[],
): Promise<ReadonlyMap<number, Observations>> {
  let query = store
    .selectFrom('observations')
    .select(['trial_number', 'metric', 'mean', 'sem', 'change_sem', 'n', 'lower_bound', 'upper_bound'])
    .where('study_id', '=', studyId)
    .orderBy('trial_number')
    .orderBy('metric');
  if (trialNumbers !== undefined) query = query.where('trial_number', 'in', paddedNumbers(trialNumbers));
  const byTrial = new Map<number, Observations>();
  for (const row of await query.execute()) {
    const { trial_number, metric, mean, sem, change_sem, n, lower_bound, upper_bound } = row;
    const observations = byTrial.get(trial_number) ?? {};
    observations[metric] = {
      mean,
      sem,
      ...(n !== null && { n }),
      ...(change_sem !== null && { changeSem: change_sem }),
      ...(lower_bound !== null &&
        upper_bound !== null && { bounds: { lower: lower_bound, upper: upper_bound } }),
    };
    byTrial.set(trial_number, observations);
  }
  return byTrial;
}
