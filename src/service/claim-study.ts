import { inTransaction, type Store } from '../../store/open.ts';
import { claimDefinition, findStudy } from '../../store/studies.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { ExplainedTrial } from '../domain/trial.ts';
import type { Clock } from './clock.ts';
import { nameTaken } from './create-study.ts';
import { resumeStudy } from './resume-study.ts';
import { tellChanges } from './setting-changes.ts';
import { storeBaseline, storeStudy } from './store-study.ts';
import { studyChanges } from './study-changes.ts';
import { type SweptStudy, withDefaults } from './sweep-defaults.ts';

/**
 * Stores a study that a sweep begins, with its measured baseline, or finds the stored one that it begins with, created for a registered
 * dataset, or goes on with (`resumeStudy`).
 */
export async function claimStudy(
  store: Store,
  study: StudyDefinition,
  baseline: ExplainedTrial | undefined,
  fingerprint: string,
  clock: Clock,
  actor = 'cli',
): Promise<SweptStudy> {
  const definition = withDefaults(study);
  const stored = { definition, logFingerprint: fingerprint, createdAt: clock() };
  if (await storeStudy(store, stored, baseline, actor)) return definition;
  if (await beginCreated(store, study, baseline, { fingerprint, clock, actor })) return definition;
  const resumed = await resumeStudy(store, study, definition, fingerprint, { actor, at: clock() });
  if (resumed === undefined) throw await nameTaken(store, study.name);
  return resumed;
}

/** Gives a study that was created without a sweep what its first one takes. Returns false where it is not such a study. */
async function beginCreated(
  store: Store,
  study: StudyDefinition,
  baseline: ExplainedTrial | undefined,
  { fingerprint, clock, actor }: { fingerprint: string; clock: Clock; actor: string },
): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    const found = await findStudy(transaction, study.name);
    const created = found?.definition;
    if (created?.log === undefined || found?.logFingerprint !== null) return false;
    // The form in which the log fits into memory is said by the sweep, where the study does not say it.
    const { form, bins } = created.log;
    const asCreated =
      study.log && form === undefined ? { ...study, log: { ...study.log, form, bins } } : study;
    if (studyChanges(created, asCreated).length > 0) return false;
    const occasion = { actor, at: clock() };
    const log = study.log && { ...study.log, path: created.log.path, dataset: created.log.dataset };
    const online = study.log?.dataset === undefined ? study.online : created.online;
    const definition = { ...withDefaults(study), log, online };
    await claimDefinition(transaction, definition, fingerprint);
    await tellChanges(transaction, created, definition, occasion);
    if (baseline !== undefined) await storeBaseline(transaction, study.name, baseline, occasion);
    return true;
  });
}
