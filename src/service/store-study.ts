import { appendEvents, type Occasion } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { insertStudy, type StoredStudy } from '../../store/studies.ts';
import type { ExplainedTrial } from '../domain/trial.ts';
import { recordCompletion, recordTrials } from './record-trials.ts';

/** Stores a study together with its baseline trial, in one transaction. Returns false where its name is taken. */
export async function storeStudy(
  store: Store,
  study: StoredStudy,
  baseline: ExplainedTrial | undefined,
  actor = 'cli',
): Promise<boolean> {
  const { name, seed } = study.definition;
  const occasion = { actor, at: study.createdAt };
  return inTransaction(store, async (transaction) => {
    if (!(await insertStudy(transaction, study))) return false;
    await appendEvents(transaction, name, occasion, [
      { kind: 'study_created', trial: null, payload: { seed } },
    ]);
    if (baseline !== undefined) await storeBaseline(transaction, name, baseline, occasion);
    return true;
  });
}

/** Stores the baseline trial, and what was measured of it. */
export async function storeBaseline(
  transaction: Store,
  study: string,
  baseline: ExplainedTrial,
  occasion: Occasion,
): Promise<void> {
  await recordTrials(transaction, study, [baseline], occasion);
  if (baseline.state !== 'completed') return;
  await recordCompletion(transaction, study, baseline.number, baseline.observations, occasion);
}
