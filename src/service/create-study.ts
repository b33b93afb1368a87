import { inTransaction, type Store } from '../../store/open.ts';
import { isNameOfDeleted } from '../../store/study-states.ts';
import type { StoredStudy } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { baselineTrial } from './baseline-trial.ts';
import { checkDataset } from './check-dataset.ts';
import type { WriteContext } from './service-context.ts';
import { storeStudy } from './store-study.ts';

/**
 * Creates a study whose trials an external evaluator completes, or one on a registered dataset, whose trials a sweep of the
 * service runs. What a sweep takes where the study does not say, its baseline among it, comes with the first sweep.
 *
 * Throws `study_unsupported` for a study with a log of its own, `study_invalid` for a dataset that is not registered or lacks
 * columns, `study_exists`, and what `encodeStudy` throws.
 */
export async function createStudy(
  context: Pick<WriteContext<StoredStudy>, 'store' | 'clock' | 'actor' | 'onStored'>,
  definition: StudyDefinition,
): Promise<StoredStudy> {
  await checkDataset(context.store, definition);
  encodeStudy(definition);
  const baseline = definition.log === undefined ? baselineTrial(definition) : undefined;
  const study = { definition, logFingerprint: null, createdAt: context.clock() };
  const measured = baseline?.state === 'completed' ? baseline : undefined;
  const isStored = await inTransaction(context.store, async (transaction) => {
    if (!(await storeStudy(transaction, study, measured, context.actor))) return false;
    await context.onStored?.(transaction, study);
    return true;
  });
  if (!isStored) {
    throw await nameTaken(context.store, definition.name);
  }
  return study;
}

/** The error where another study has the name, or had it. */
export async function nameTaken(store: Store, name: string): Promise<DomainError> {
  const found = (await isNameOfDeleted(store, name))
    ? `a study named "${name}" was deleted, and its name stays taken: expected another`
    : `a study is already named "${name}"`;
  return new DomainError('study_exists', found, { pointer: '/name' });
}
