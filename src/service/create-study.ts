import type { StoredStudy } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { ServiceContext } from './service-context.ts';
import { storeStudy } from './store-study.ts';

/**
 * Creates a study whose trials an external evaluator completes.
 *
 * Throws `study_unsupported` for a study with a log, `study_exists`, and what `encodeStudy` throws.
 */
export async function createStudy(
  { store, clock }: ServiceContext,
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
  const study = { definition, logFingerprint: null, createdAt: clock() };
  if (!(await storeStudy(store, study, baseline?.state === 'completed' ? baseline : undefined))) {
    throw new DomainError('study_exists', `a study is already named "${definition.name}"`, {
      pointer: '/name',
    });
  }
  return study;
}
