import type { Store } from '../../store/open.ts';
import { findStudy, updateDefinition } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { studyChanges } from './study-changes.ts';

/**
 * The stored study of this name, ready to go on with the given budget; undefined where there is none.
 *
 * Throws `study_changed`, saying what changed, where the trials so far would not stand under the given definition or log.
 */
export async function resumeStudy(
  store: Store,
  given: StudyDefinition,
  logFingerprint: string | null,
): Promise<StudyDefinition | undefined> {
  const stored = await findStudy(store, given.name);
  if (stored === undefined) return undefined;
  const changes = [...studyChanges(stored.definition, given)];
  const pointer = changes.length > 0 ? `/${changes[0]!.path.replaceAll('.', '/')}` : '/log/path';
  if (stored.logFingerprint !== logFingerprint) {
    changes.push({ path: 'log.path', text: 'the bytes of the log are not what they were' });
  }
  if (changes.length > 0) {
    throw new DomainError(
      'study_changed',
      `study "${given.name}" has trials under another definition: ${changes.map(({ text }) => text).join('; ')}; ` +
        'expected the same (give the study another name, or another --db, to start anew)',
      { pointer },
    );
  }
  const definition = { ...stored.definition, budget: given.budget, log: given.log };
  await updateDefinition(store, definition);
  return definition;
}
