import { type Kysely, type Migration, Migrator } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
import * as createStudiesTrialsObservations from './migrations/0001-create-studies-trials-observations.ts';
import * as addChangeSem from './migrations/0002-add-change-sem.ts';
import * as addBounds from './migrations/0003-add-bounds.ts';
import * as trialStatesLeasesEvents from './migrations/0004-trial-states-leases-events.ts';
import * as idempotencyKeys from './migrations/0005-idempotency-keys.ts';
import * as createApiKeys from './migrations/0006-create-api-keys.ts';
import * as listsAndStudyChanges from './migrations/0007-lists-and-study-changes.ts';
import * as datasetsAndSweeps from './migrations/0008-datasets-and-sweeps.ts';
import * as experimentsAndReadouts from './migrations/0009-experiments-and-readouts.ts';
import * as imports from './migrations/0010-imports.ts';
import * as addForceReason from './migrations/0011-add-force-reason.ts';
import type { Database } from './schema.ts';

/** Every migration ever released, oldest first. One is added, never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-create-studies-trials-observations': createStudiesTrialsObservations,
  '0002-add-change-sem': addChangeSem,
  '0003-add-bounds': addBounds,
  '0004-trial-states-leases-events': trialStatesLeasesEvents,
  '0005-idempotency-keys': idempotencyKeys,
  '0006-create-api-keys': createApiKeys,
  '0007-lists-and-study-changes': listsAndStudyChanges,
  '0008-datasets-and-sweeps': datasetsAndSweeps,
  '0009-experiments-and-readouts': experimentsAndReadouts,
  '0010-imports': imports,
  '0011-add-force-reason': addForceReason,
};

/** Brings the database to the newest schema. Throws where a newer pondera has written it. */
export async function migrateToLatest(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = /previously executed migration (\S+) is missing/.exec(
    error instanceof Error ? error.message : '',
  )?.[1];
  if (unknown !== undefined) throw otherVersion(unknown);
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw failed === undefined ? error : new Error(`migration ${failed} failed`, { cause: error });
}

function otherVersion(unknown: string): DomainError {
  const newest = Object.keys(MIGRATIONS).at(-1)!;
  return new DomainError(
    'database_invalid',
    `the database has schema ${unknown}, of another version of pondera: expected ${newest} or older`,
  );
}
