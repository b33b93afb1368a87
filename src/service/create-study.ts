import { inTransaction } from '../../store/open.ts';
import type { StoredStudy } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { WriteContext } from './service-context.ts';
import { storeStudy } from './store-study.ts';

/**
 * Creates a study whose trials an external evaluator completes.
 *
 * Throws `study_unsupported` for a study with a log, `study_exists`, and what `encodeStudy` throws.
 */
export async function createStudy(
  context: WriteContext<StoredStudy>,
  definition: StudyDefinition,
): Promise<StoredStudy> {
  if (definition.log !== undefined) {
    throw new DomainError(
      'study_unsupported',
      'a study with a log is run by "pondera sweep": expected a study without log and heads',
      { pointer: '/log' },
    );
  }
  encodeStudy(definition);
  const baseline = baselineTrial(definition);
  const study = { definition, logFingerprint: null, createdAt: context.clock() };
  const measured = baseline?.state === 'completed' ? baseline : undefined;
  const isStored = await inTransaction(context.store, async (transaction) => {
    if (!(await storeStudy(transaction, study, measured, context.actor))) return false;
    await context.onStored?.(transaction, study);
    return true;
  });
  if (!isStored) {
    throw new DomainError('study_exists', `a study is already named "${definition.name}"`, {
      pointer: '/name',
    });
  }
  return study;
}
