import type { Occasion } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { findStudy, type StoredStudy, updateDefinition } from '../../store/studies.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { tellChanges } from './setting-changes.ts';
import { checkOnlineChange } from './settle-online.ts';
import { studyChanges } from './study-changes.ts';
import type { SweptStudy } from './sweep-defaults.ts';

/** What has changed is told up to so many; one is enough to know the study for another. */
const MOST_CHANGES = 3;

/**
 * The stored study of this name, ready to go on with the given budget; undefined where there is none.
 *
 * `given` is the study with what a sweep takes where `study` does not say. A study that was stored before guardrails had
 * margins goes on without one, unless its file now says otherwise. The event log hears what has changed.
 * Throws `study_changed`, saying what changed, where the trials so far would not stand under the given definition or log.
 */
export async function resumeStudy(
  store: Store,
  study: StudyDefinition,
  given: SweptStudy,
  logFingerprint: string | null,
  occasion: Occasion,
): Promise<SweptStudy | undefined> {
  return inTransaction(store, async (transaction) => {
    const stored = await findStudy(transaction, given.name);
    if (stored === undefined) return undefined;
    checkUnchanged(stored, study, given, logFingerprint);
    // What clients may change of a study on a dataset, they may have changed since the sweep was begun.
    const { online: asked } = given.log?.dataset === undefined ? given : stored.definition;
    await checkOnlineChange(transaction, given.name, stored.definition.online, asked);
    const { step: _step, online: _online, ...kept } = stored.definition;
    const step = given.step === undefined ? {} : { step: given.step };
    const { dataset } = kept.log ?? {};
    // A registered dataset stays one, wherever the same bytes are read from this time.
    const log = given.log && dataset !== undefined ? { ...given.log, path: undefined, dataset } : given.log;
    const online = asked === undefined ? {} : { online: asked };
    const definition = { ...kept, ...step, ...online, budget: given.budget, log };
    if (canonicalJson(definition) !== canonicalJson(stored.definition)) {
      await updateDefinition(transaction, definition);
      await tellChanges(transaction, stored.definition, definition, occasion);
    }
    return definition;
  });
}

/**
 * Throws `study_changed`, saying what changed, where a study's trials would not stand under the given definition or log; `given`
 * is `study` with what a sweep takes, as in `resumeStudy`, and `expected` says what to do.
 */
export function checkUnchanged(
  stored: StoredStudy,
  study: StudyDefinition,
  given: StudyDefinition,
  logFingerprint: string | null,
  expected = 'give the study another name, or another --db, to start anew',
): void {
  const changes = [...studyChanges(stored.definition, asStored(stored.definition, study, given))];
  const pointer = changes.length > 0 ? `/${changes[0]!.path.replaceAll('.', '/')}` : '/log/path';
  if (stored.logFingerprint !== logFingerprint) {
    changes.push({ path: 'log.path', text: 'the bytes of the log are not what they were' });
  }
  if (changes.length > 0) {
    const told = changes.slice(0, MOST_CHANGES).map(({ text }) => text);
    if (changes.length > told.length) told.push(`and ${changes.length - told.length} more`);
    throw new DomainError(
      'study_changed',
      `study "${given.name}" has trials under another definition: ${told.join('; ')}; ` +
        `expected the same (${expected})`,
      { pointer },
    );
  }
}

/** `given` with the margin of a study that was stored before there were margins: none, unless `study` says one. */
export function asStored(
  stored: StudyDefinition,
  study: StudyDefinition,
  given: StudyDefinition,
): StudyDefinition {
  const isOlder = stored.guardrailMargin === undefined && study.guardrailMargin === undefined;
  return isOlder ? { ...given, guardrailMargin: undefined } : given;
}
