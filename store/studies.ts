import { sql } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
import { parseWith } from '../src/domain/schema.ts';
import { studySchema } from '../src/domain/study-rules.ts';
import type { StudyDefinition } from '../src/domain/study.ts';
import type { Store } from './open.ts';

/** A study as stored. Its identifier is the definition's name. */
export interface StoredStudy {
  readonly definition: StudyDefinition;
  readonly logFingerprint: string | null;
  readonly createdAt: string;
}

/** Stores a study, unless one of its name is there already. Returns whether it was stored. */
export async function insertStudy(store: Store, study: StoredStudy): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('studies')
    .values({
      id: study.definition.name,
      definition: JSON.stringify(study.definition),
      log_fingerprint: study.logFingerprint,
      created_at: study.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findStudy(store: Store, id: string): Promise<StoredStudy | undefined> {
  const row = await store
    .selectFrom('studies')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The study, or `study_not_found`. */
export async function getStudy(store: Store, id: string): Promise<StoredStudy> {
  const study = await findStudy(store, id);
  if (study === undefined) throw new DomainError('study_not_found', `no study is named "${id}"`);
  return study;
}

/** The studies by name, archived ones too. */
export async function listStudies(store: Store): Promise<readonly StoredStudy[]> {
  const rows = await store
    .selectFrom('studies')
    .selectAll()
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Replaces the definition; the caller has made sure that the stored trials remain valid under it. */
export async function updateDefinition(store: Store, definition: StudyDefinition): Promise<void> {
  await store
    .updateTable('studies')
    .set({ definition: JSON.stringify(definition), revision: sql<number>`revision + 1` })
    .where('id', '=', definition.name)
    .execute();
}

/** The definition that the first sweep of a created study works by, and the log that it works on. */
export async function claimDefinition(
  store: Store,
  definition: StudyDefinition,
  logFingerprint: string,
): Promise<void> {
  await updateDefinition(store, definition);
  await store
    .updateTable('studies')
    .set({ log_fingerprint: logFingerprint })
    .where('id', '=', definition.name)
    .execute();
}

interface StudyRow {
  readonly id: string;
  readonly definition: string;
  readonly log_fingerprint: string | null;
  readonly created_at: string;
}

function fromRow(row: StudyRow): StoredStudy {
  return {
    definition: definitionFromRow(row),
    logFingerprint: row.log_fingerprint,
    createdAt: row.created_at,
  };
}

/** Throws `database_invalid`. */
export function definitionFromRow(row: Pick<StudyRow, 'id' | 'definition'>): StudyDefinition {
  try {
    return parseWith(studySchema, JSON.parse(row.definition), 'database_invalid');
  } catch (error) {
    const reason = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError('database_invalid', `study "${row.id}" as stored cannot be read: ${reason}`);
  }
}
