import type { Observations } from '../src/domain/trial.ts';
import { inTransaction, type Store } from './open.ts';
import type { NewTrial } from './trials.ts';

/** A trial to store that is completed already. */
export interface MeasuredTrial extends NewTrial {
  readonly observations: Readonly<Observations>;
}

/** Rows of one statement: its parameters stay far below SQLite's 32,766. */
const ROWS = 100;

/** Stores completed trials of numbers that nobody has taken. In the transaction that has looked. */
export async function insertMeasuredTrials(
  store: Store,
  studyId: string,
  trials: readonly MeasuredTrial[],
  at: string,
): Promise<void> {
  const rows = trials.map(({ number, weights, provenance }) => ({
    study_id: studyId,
    number,
    state: 'completed' as const,
    weights: weights === null ? null : JSON.stringify(weights),
    generator: provenance.generator,
    provenance: JSON.stringify(provenance),
    created_at: at,
    completed_at: at,
  }));
  const observations = trials.flatMap((trial) =>
    Object.entries(trial.observations).map(([metric, { mean, sem, n, changeSem, bounds }]) => ({
      study_id: studyId,
      trial_number: trial.number,
      metric,
      mean,
      sem,
      change_sem: changeSem ?? null,
      lower_bound: bounds?.lower ?? null,
      upper_bound: bounds?.upper ?? null,
      n: n ?? null,
    })),
  );
  await inTransaction(store, async (transaction) => {
    for (let i = 0; i < rows.length; i += ROWS) {
      await transaction
        .insertInto('trials')
        .values(rows.slice(i, i + ROWS))
        .execute();
    }
    for (let i = 0; i < observations.length; i += ROWS) {
      await transaction
        .insertInto('observations')
        .values(observations.slice(i, i + ROWS))
        .execute();
    }
  });
}
