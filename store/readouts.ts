import type { Selectable } from 'kysely';
import { z } from 'zod';
import { DomainError } from '../src/domain/errors.ts';
import { type Finding, findingSchema, type Gate, gateSchema } from '../src/domain/finding.ts';
import { type Readout, readoutSchema } from '../src/domain/readout.ts';
import { parseWith } from '../src/domain/schema.ts';
import type { Occasion } from './events.ts';
import type { Store } from './open.ts';
import type { Database } from './schema.ts';

/** A readout of an experiment as it was imported. */
export interface StoredReadout {
  readonly experiment: number;
  /** From 1 on, one more with each import that differs; the last one counts. */
  readonly revision: number;
  readonly contentHash: string;
  readonly readout: Readout;
  /** What the gates found. */
  readonly findings: readonly Finding[];
  /** The gates that refused, and were forced. */
  readonly forced: readonly Gate[];
  /** Why they were; null where nobody said. */
  readonly forceReason: string | null;
  readonly importedBy: string;
  readonly importedAt: string;
}

const EARLY_LOOK = 'early_look' satisfies Gate;

export type NewReadout = Omit<StoredReadout, 'importedBy' | 'importedAt'>;

export async function insertReadout(
  store: Store,
  studyId: string,
  { experiment, revision, contentHash, readout, findings, forced, forceReason }: NewReadout,
  { actor, at }: Occasion,
): Promise<void> {
  await store
    .insertInto('readouts')
    .values({
      study_id: studyId,
      experiment_number: experiment,
      revision,
      content_hash: contentHash,
      readout: JSON.stringify(readout),
      findings: JSON.stringify(findings),
      forced: JSON.stringify(forced),
      force_reason: forceReason,
      imported_by: actor,
      imported_at: at,
    })
    .execute();
}

/** All readouts of an experiment, oldest first. */
export async function listReadouts(
  store: Store,
  studyId: string,
  experiment: number,
): Promise<readonly StoredReadout[]> {
  const rows = await store
    .selectFrom('readouts')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('experiment_number', '=', experiment)
    .orderBy('revision')
    .execute();
  return rows.map(readoutOf);
}

/** The last readout of each experiment that has one, by experiment. */
export async function latestReadouts(store: Store, studyId: string): Promise<readonly StoredReadout[]> {
  const rows = await store
    .selectFrom('readouts as each')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('revision', '=', (query) =>
      query
        .selectFrom('readouts as other')
        .select(({ fn }) => fn.max('other.revision').as('last'))
        .whereRef('other.study_id', '=', 'each.study_id')
        .whereRef('other.experiment_number', '=', 'each.experiment_number'),
    )
    .orderBy('experiment_number')
    .execute();
  return rows.map(readoutOf);
}

/** The experiments of a study that some readout, the last or an earlier one, looked at before their planned end. */
export async function experimentsLookedAtEarly(store: Store, studyId: string): Promise<ReadonlySet<number>> {
  const rows = await store
    .selectFrom('readouts')
    .select('experiment_number')
    .distinct()
    .where('study_id', '=', studyId)
    .where('findings', 'like', `%"gate":"${EARLY_LOOK}"%`)
    .execute();
  return new Set(rows.map(({ experiment_number: experiment }) => experiment));
}

/** The last readout of an experiment; undefined before the first. */
export async function lastReadout(
  store: Store,
  studyId: string,
  experiment: number,
): Promise<StoredReadout | undefined> {
  const row = await store
    .selectFrom('readouts')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('experiment_number', '=', experiment)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && readoutOf(row);
}

/** Throws `database_invalid`. */
function readoutOf(row: Selectable<Database['readouts']>): StoredReadout {
  const { experiment_number: experiment, revision } = row;
  try {
    return {
      experiment,
      revision,
      contentHash: row.content_hash,
      readout: parse(readoutSchema, row.readout),
      findings: parse(z.array(findingSchema), row.findings),
      forced: parse(z.array(gateSchema), row.forced),
      forceReason: row.force_reason,
      importedBy: row.imported_by,
      importedAt: row.imported_at,
    };
  } catch (error) {
    const why = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError(
      'database_invalid',
      `readout ${revision} of experiment ${experiment} of study "${row.study_id}" as stored cannot be read: ${why}`,
    );
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  return parseWith(schema, JSON.parse(text), 'database_invalid');
}
