import type { z } from 'zod';
import { DomainError } from '../src/domain/errors.ts';
import { parseWith } from '../src/domain/schema.ts';
import {
  type Sweep,
  sweepFindingsSchema,
  sweepProblemSchema,
  sweepStandingSchema,
} from '../src/domain/sweep.ts';
import type { SweepState } from '../src/domain/sweep-state.ts';
import type { Store } from './open.ts';
import type { Database } from './schema.ts';

/** What makes a sweep the one that was seen: nobody has changed it since where all are the same. */
export type SeenSweep = Pick<Sweep, 'study' | 'run' | 'state' | 'instance'>;

/** What of a sweep changes; what is left out stays. */
export type SweepChange = Partial<Omit<Sweep, 'study'>>;

export async function findSweep(store: Store, studyId: string): Promise<Sweep | undefined> {
  const row = await store.selectFrom('sweeps').selectAll().where('study_id', '=', studyId).executeTakeFirst();
  return row && fromRow(row);
}

/** The sweeps in these states, the first that was queued first. */
export async function sweepsInState(store: Store, states: readonly SweepState[]): Promise<readonly Sweep[]> {
  const rows = await store
    .selectFrom('sweeps')
    .selectAll()
    .where('state', 'in', states)
    .orderBy('queued_at')
    .orderBy('study_id')
    .execute();
  return rows.map(fromRow);
}

/** How many sweeps there are in each state, of all studies that are not deleted. */
export async function countSweeps(store: Store): Promise<readonly { state: SweepState; count: number }[]> {
  return store
    .selectFrom('sweeps')
    .innerJoin('studies', 'studies.id', 'sweeps.study_id')
    .select(({ fn }) => ['sweeps.state', fn.countAll<number>().as('count')])
    .where('studies.deleted_at', 'is', null)
    .groupBy('sweeps.state')
    .execute();
}

/** Stores the sweep of a study that has none. Returns false where it has one. */
export async function insertSweep(store: Store, sweep: Sweep): Promise<boolean> {
  const { study, ...rest } = sweep;
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('sweeps')
    .values({ study_id: study, ...columnsOf(rest) } as Database['sweeps'])
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Changes a sweep that is as it was seen. Returns whether it was. */
export async function updateSweep(
  store: Store,
  { study, run, state, instance }: SeenSweep,
  change: SweepChange,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('sweeps')
    .set(columnsOf(change))
    .where('study_id', '=', study)
    .where('run', '=', run)
    .where('state', '=', state)
    .where('instance', 'is not distinct from', instance)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function columnsOf(sweep: SweepChange): Partial<Omit<Database['sweeps'], 'study_id'>> {
  const { queuedAt, countedAt, workedMs, endedAt, standing, problem, findings, ...same } = sweep;
  return {
    ...same,
    ...(queuedAt !== undefined && { queued_at: queuedAt }),
    ...(countedAt !== undefined && { counted_at: countedAt }),
    ...(workedMs !== undefined && { worked_ms: workedMs }),
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(standing !== undefined && { progress: jsonOf(standing) }),
    ...(problem !== undefined && { problem: jsonOf(problem) }),
    ...(findings !== undefined && { result: jsonOf(findings) }),
  };
}

function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Throws `database_invalid`. */
function fromRow(row: Database['sweeps']): Sweep {
  const { study_id, queued_at, counted_at, worked_ms, ended_at, progress, problem, result, ...same } = row;
  try {
    return {
      ...same,
      study: study_id,
      queuedAt: queued_at,
      countedAt: counted_at,
      workedMs: worked_ms,
      endedAt: ended_at,
      standing: valueOf(sweepStandingSchema, progress),
      problem: valueOf(sweepProblemSchema, problem),
      findings: valueOf(sweepFindingsSchema, result),
    };
  } catch (error) {
    const reason = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError(
      'database_invalid',
      `the sweep of study "${study_id}" as stored cannot be read: ${reason}`,
    );
  }
}

function valueOf<Schema extends z.ZodType>(schema: Schema, json: string | null): z.output<Schema> | null {
  return json === null ? null : parseWith(schema, JSON.parse(json), 'database_invalid');
}
