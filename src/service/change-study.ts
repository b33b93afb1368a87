import { appendEvents } from '../../store/events.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import {
  getManagedStudy,
  type ManagedStudy,
  markDeleted,
  type StudySettings,
  updateStudy,
} from '../../store/study-states.ts';
import { DomainError } from '../domain/errors.ts';
import type { EventKind, EventPayload } from '../domain/event.ts';
import { parseWith } from '../domain/schema.ts';
import { studySchema } from '../domain/study-rules.ts';
import type { OnlineDefinition } from '../domain/online.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { occasionOf, type WriteContext } from './service-context.ts';
import { settingChanges } from './setting-changes.ts';
import { checkOnlineChange } from './settle-online.ts';

export type { ManagedStudy } from '../../store/study-states.ts';

/** What of a study may change once it has trials; null takes it away, what is left out stays. */
export interface StudyPatch {
  readonly budget?: number | null | undefined;
  readonly confidence?: number | null | undefined;
  readonly description?: string | null | undefined;
  readonly online?: OnlineDefinition | null | undefined;
}

/** Whether a revision is one that the client has seen. */
export type Precondition = (revision: number) => boolean;

type Writing<Result> = Pick<WriteContext<Result>, 'store' | 'clock' | 'actor' | 'onStored'>;

/** The study with its revision. Throws `study_not_found`. */
export async function readManagedStudy(
  { store }: Pick<WriteContext<never>, 'store'>,
  studyId: string,
): Promise<ManagedStudy> {
  return getManagedStudy(store, studyId);
}

/**
 * Changes a study, and tells the event log what each value was and is.
 *
 * Throws `study_not_found`, `precondition_failed` where the study is of another revision, `study_has_log` for what a study with a
 * log has from its file, `study_invalid` for what does not go together, `study_changed` for what experiments were planned for.
 */
export async function patchStudy(
  context: Writing<ManagedStudy>,
  studyId: string,
  isExpected: Precondition,
  patch: StudyPatch,
): Promise<ManagedStudy> {
  return changing(context, studyId, isExpected, async (study, transaction) => {
    const { definition } = study;
    const { description, ...ofDefinition } = patch;
    const wanted = Object.entries(ofDefinition).filter(([, value]) => value !== undefined);
    for (const [key] of wanted) checkChangeable(definition, key);
    const changed = parseWith(
      studySchema,
      Object.fromEntries(
        Object.entries({ ...definition, ...Object.fromEntries(wanted) }).filter(
          ([, value]) => value !== null,
        ),
      ),
      'study_invalid',
    );
    await checkOnlineChange(transaction, studyId, definition.online, changed.online);
    const before = { ...definition, description: study.description };
    const after = { ...changed, description: description === undefined ? study.description : description };
    const changes = settingChanges(before, after);
    if (Object.keys(changes).length === 0) return undefined;
    return {
      kind: 'study_changed',
      payload: { changes },
      settings: { definition: changed, description: after.description },
    };
  });
}

/** Hides a study from lists, and has it take no new trials; those that run may end. Throws `study_not_found`. */
export async function archiveStudy(context: Writing<ManagedStudy>, studyId: string): Promise<ManagedStudy> {
  return changing(context, studyId, always, async ({ archivedAt }) =>
    archivedAt === null
      ? { kind: 'study_archived', payload: {}, settings: { archivedAt: context.clock() } }
      : undefined,
  );
}

/** Undoes `archiveStudy`. Throws `study_not_found`. */
export async function unarchiveStudy(context: Writing<ManagedStudy>, studyId: string): Promise<ManagedStudy> {
  return changing(context, studyId, always, async ({ archivedAt }) =>
    archivedAt === null
      ? undefined
      : { kind: 'study_unarchived', payload: {}, settings: { archivedAt: null } },
  );
}

/** Deletes a study for whoever asks; its name stays taken. Throws `study_not_found`, `precondition_failed`. */
export async function deleteStudy(
  context: Omit<Writing<never>, 'onStored'>,
  studyId: string,
  isExpected: Precondition = always,
): Promise<void> {
  await inTransaction(context.store, async (transaction) => {
    await expectedStudy(transaction, studyId, isExpected);
    const occasion = occasionOf(context);
    await markDeleted(transaction, studyId, occasion.at);
    await appendEvents(transaction, studyId, occasion, [{ kind: 'study_deleted', trial: null, payload: {} }]);
  });
}

/** Throws `study_has_log` for what a study with a log has from its file, or from what it was created with and its sweeps. */
function checkChangeable({ name, log }: StudyDefinition, key: string): void {
  if (log === undefined || (key === 'online' && log.dataset !== undefined)) return;
  const [origin, budget] =
    log.dataset === undefined
      ? ['what its file says', '"pondera sweep --trials"']
      : ['what it was created with', 'the trials of ":sweep"'];
  const says = key === 'budget' ? `${origin}, or ${budget}` : origin;
  throw new DomainError('study_has_log', `study "${name}" has a log: its ${key} is ${says}`, {
    pointer: `/${key}`,
  });
}

const always: Precondition = () => true;

interface StudyChange {
  readonly kind: EventKind;
  readonly payload: EventPayload;
  readonly settings: StudySettings;
}

/** `change` returns undefined where there is nothing to change: the revision then stays. */
async function changing(
  context: Writing<ManagedStudy>,
  studyId: string,
  isExpected: Precondition,
  change: (study: ManagedStudy, transaction: Store) => Promise<StudyChange | undefined>,
): Promise<ManagedStudy> {
  return inTransaction(context.store, async (transaction) => {
    const found = await change(await expectedStudy(transaction, studyId, isExpected), transaction);
    if (found !== undefined) {
      const { kind, payload, settings } = found;
      await updateStudy(transaction, studyId, settings);
      await appendEvents(transaction, studyId, occasionOf(context), [{ kind, trial: null, payload }]);
    }
    const study = await getManagedStudy(transaction, studyId);
    await context.onStored?.(transaction, study);
    return study;
  });
}

async function expectedStudy(
  transaction: Store,
  studyId: string,
  isExpected: Precondition,
): Promise<ManagedStudy> {
  const study = await getManagedStudy(transaction, studyId);
  if (isExpected(study.revision)) return study;
  throw new DomainError(
    'precondition_failed',
    `study "${studyId}" has changed: expected an If-Match of its ETag, which is now "${study.revision}"`,
  );
}
