import type { Selectable } from 'kysely';
import { DomainError } from '../src/domain/errors.ts';
import {
  type Experiment,
  experimentArmSchema,
  type ExperimentArm,
  experimentProvenanceSchema,
  type ExperimentState,
  windowSchema,
} from '../src/domain/experiment.ts';
import { parseWith } from '../src/domain/schema.ts';
import type { Occasion } from './events.ts';
import { inReadTransaction, inTransaction, type Store } from './open.ts';
import type { Database } from './schema.ts';

/** An experiment as stored. */
export interface StoredExperiment extends Experiment {
  readonly study: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Why it ended, where somebody said. */
  readonly reason: string | null;
}

export type NewExperiment = Omit<Experiment, 'state'>;

/** Stores a planned experiment. Throws `experiment_invalid` where another has its name. */
export async function insertExperiment(
  store: Store,
  studyId: string,
  { number, name, window, units, coverage, unit, arms, provenance }: NewExperiment,
  { actor, at }: Occasion,
): Promise<void> {
  await inTransaction(store, async (transaction) => {
    const named = await transaction
      .selectFrom('experiments')
      .select(['study_id', 'number'])
      .where('name', '=', name)
      .executeTakeFirst();
    if (named !== undefined) {
      throw new DomainError(
        'experiment_invalid',
        `"${name}" is the name of experiment ${named.number} of study "${named.study_id}": expected another`,
        { pointer: '/name' },
      );
    }
    await transaction
      .insertInto('experiments')
      .values({
        study_id: studyId,
        number,
        name,
        state: 'planned',
        starts_at: window.start,
        ends_at: window.end,
        units,
        coverage,
        unit,
        provenance: JSON.stringify(provenance),
        created_by: actor,
        created_at: at,
      })
      .execute();
    await transaction
      .insertInto('experiment_arms')
      .values(arms.map((arm, position) => armRow(studyId, number, arm, position)))
      .execute();
  });
}

/** The experiments of a study by number. */
export async function listExperiments(store: Store, studyId: string): Promise<readonly StoredExperiment[]> {
  return inReadTransaction(store, async (transaction) => {
    const rows = await transaction
      .selectFrom('experiments')
      .selectAll()
      .where('study_id', '=', studyId)
      .orderBy('number')
      .execute();
    const arms = await transaction
      .selectFrom('experiment_arms')
      .selectAll()
      .where('study_id', '=', studyId)
      .orderBy('experiment_number')
      .orderBy('position')
      .execute();
    return rows.map((row) =>
      experimentOf(
        row,
        arms.filter(({ experiment_number: number }) => number === row.number),
      ),
    );
  });
}

/** One experiment, or `experiment_not_found`. */
export async function getExperiment(
  store: Store,
  studyId: string,
  number: number,
): Promise<StoredExperiment> {
  const found = (await listExperiments(store, studyId)).find((experiment) => experiment.number === number);
  if (found !== undefined) return found;
  throw new DomainError('experiment_not_found', `study "${studyId}" has no experiment ${number}`);
}

/** Sets the state of an experiment, and when and why it came to it. */
export async function setExperimentState(
  store: Store,
  studyId: string,
  number: number,
  state: ExperimentState,
  times: { readonly startedAt?: string; readonly endedAt?: string; readonly reason?: string | null } = {},
): Promise<void> {
  const { startedAt, endedAt, reason } = times;
  await store
    .updateTable('experiments')
    .set({
      state,
      ...(startedAt !== undefined && { started_at: startedAt }),
      ...(endedAt !== undefined && { ended_at: endedAt }),
      ...(reason !== undefined && { reason }),
    })
    .where('study_id', '=', studyId)
    .where('number', '=', number)
    .execute();
}

function armRow(studyId: string, number: number, arm: ExperimentArm, position: number) {
  const { name, kind, weights, share, generator, reason, offline } = arm;
  return {
    study_id: studyId,
    experiment_number: number,
    position,
    name,
    kind,
    weights: JSON.stringify(weights),
    share,
    generator,
    reason,
    offline: offline === null ? null : JSON.stringify(offline),
  };
}

/** Throws `database_invalid`. */
function experimentOf(
  row: Selectable<Database['experiments']>,
  arms: readonly Selectable<Database['experiment_arms']>[],
): StoredExperiment {
  const { study_id: study, number, name, state, units, coverage, unit, reason } = row;
  try {
    return {
      study,
      number,
      name,
      state,
      window: parseWith(windowSchema, { start: row.starts_at, end: row.ends_at }, 'database_invalid'),
      units,
      coverage,
      unit,
      arms: arms.map(armOfRow),
      provenance: parseWith(experimentProvenanceSchema, JSON.parse(row.provenance), 'database_invalid'),
      createdBy: row.created_by,
      createdAt: row.created_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      reason,
    };
  } catch (error) {
    const why = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError(
      'database_invalid',
      `experiment ${number} of study "${study}" as stored cannot be read: ${why}`,
    );
  }
}

function armOfRow(row: Selectable<Database['experiment_arms']>): ExperimentArm {
  const { name, kind, share, generator, reason } = row;
  const weights: unknown = JSON.parse(row.weights);
  const offline: unknown = row.offline === null ? null : JSON.parse(row.offline);
  return parseWith(
    experimentArmSchema,
    { name, kind, weights, share, generator, reason, offline },
    'database_invalid',
  );
}
