import type { Observations } from '../src/domain/trial.ts';
import { observationRows } from './observations.ts';
import { inTransaction, type Store } from './open.ts';
import { type NewTrial, newTrialRow } from './trials.ts';

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
  const rows = trials.map((trial) => ({
    ...newTrialRow(studyId, trial, at),
    state: 'completed' as const,
    completed_at: at,
  }));
  const observations = trials.flatMap((trial) => observationRows(studyId, trial.number, trial.observations));
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
