import { sql } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
import type { Store } from './open.ts';
import { definitionFromRow, type StoredStudy } from './studies.ts';

/** A study with what becomes of it after it was created. */
export interface ManagedStudy extends StoredStudy {
  /** From 1 on, one more with each change. */
  readonly revision: number;
  readonly description: string | null;
  /** Null while it is worked on. */
  readonly archivedAt: string | null;
}

/** What may be set; what is left out stays. */
export type StudySettings = Partial<Pick<ManagedStudy, 'definition' | 'description' | 'archivedAt'>>;

/** Some of the studies by name: those after one, at most so many. */
export interface StudiesAsked {
  readonly after: string | undefined;
  readonly most: number;
  readonly withArchived: boolean;
}

const COLUMNS = [
  'id',
  'definition',
  'log_fingerprint',
  'created_at',
  'revision',
  'description',
  'archived_at',
] as const;

/** The study, or `study_not_found`. */
export async function getManagedStudy(store: Store, id: string): Promise<ManagedStudy> {
  const row = await store
    .selectFrom('studies')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new DomainError('study_not_found', `no study is named "${id}"`);
  return fromRow(row);
}

export async function studyPage(
  store: Store,
  { after, most, withArchived }: StudiesAsked,
): Promise<readonly ManagedStudy[]> {
  let query = store.selectFrom('studies').select(COLUMNS).where('deleted_at', 'is', null);
  if (after !== undefined) query = query.where('id', '>', after);
  if (!withArchived) query = query.where('archived_at', 'is', null);
  return (await query.orderBy('id').limit(most).execute()).map(fromRow);
}

/** Returns the study's revision. Throws `study_not_found`, and `study_archived` for a study that takes no new trials. */
export async function checkTakesTrials(store: Store, id: string): Promise<number> {
  const row = await store
    .selectFrom('studies')
    .select(['archived_at', 'revision'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new DomainError('study_not_found', `no study is named "${id}"`);
  if (row.archived_at === null) return row.revision;
  throw new DomainError('study_archived', `study "${id}" is archived: expected one that is not (:unarchive)`);
}

/** Sets what is given, as the next revision. */
export async function updateStudy(
  store: Store,
  id: string,
  { definition, description, archivedAt }: StudySettings,
): Promise<void> {
  await store
    .updateTable('studies')
    .set({
      revision: sql<number>`revision + 1`,
      ...(definition !== undefined && { definition: JSON.stringify(definition) }),
      ...(description !== undefined && { description }),
      ...(archivedAt !== undefined && { archived_at: archivedAt }),
    })
    .where('id', '=', id)
    .execute();
}

/** From here on there is no such study, but what is stored of it, and its name, stay. */
export async function markDeleted(store: Store, id: string, at: string): Promise<void> {
  await store.updateTable('studies').set({ deleted_at: at }).where('id', '=', id).execute();
}

/** Whether the name is that of a study that was deleted. */
export async function isNameOfDeleted(store: Store, id: string): Promise<boolean> {
  const row = await store
    .selectFrom('studies')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

function fromRow(row: {
  readonly id: string;
  readonly definition: string;
  readonly log_fingerprint: string | null;
  readonly created_at: string;
  readonly revision: number;
  readonly description: string | null;
  readonly archived_at: string | null;
}): ManagedStudy {
  return {
    definition: definitionFromRow(row),
    logFingerprint: row.log_fingerprint,
    createdAt: row.created_at,
    revision: row.revision,
    description: row.description,
    archivedAt: row.archived_at,
  };
}
