import { insertStudy, type StoredStudy } from '../../store/studies.ts';
import { completeTrial, insertTrials } from '../../store/trials.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import type { Trial } from '../domain/trial.ts';

/** Stores a study together with its baseline trial, in one transaction. Returns false where its name is taken. */
export async function storeStudy(
  store: Store,
  study: StoredStudy,
  baseline: Trial | undefined,
): Promise<boolean> {
  const { name } = study.definition;
  return inTransaction(store, async (transaction) => {
    if (!(await insertStudy(transaction, study))) return false;
    if (baseline === undefined) return true;
    await insertTrials(transaction, name, [baseline], study.createdAt);
    if (baseline.state === 'completed') {
      await completeTrial(transaction, name, baseline.number, baseline.observations, study.createdAt);
    }
    return true;
  });
}
