import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore, type Store } from '../../store/open.ts';
import { findStudy, listStudies } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import { openComputePool } from '../service/compute-pool.ts';
import { modelOfStudy } from '../service/model-of-study.ts';
import { formatModel } from './format-model.ts';

export interface ModelOptions {
  readonly db: string;
  readonly workers: number;
  readonly json?: boolean;
}

/** Prints the models of a study in a database that exists; nothing is stored. */
export async function runModel(study: string, { db, workers, json }: ModelOptions): Promise<void> {
  checkDatabaseFile(db, { mustExist: true });
  const store = await openStore(db);
  try {
    await checkStudy(store, study);
    const pool = openComputePool(workers);
    try {
      const report = await modelOfStudy({ store, pool }, study);
      process.stdout.write(
        `${json === true ? JSON.stringify(report, null, 2) : formatModel(report, process.stdout.columns)}\n`,
      );
    } finally {
      await pool.close();
    }
  } catch (error) {
    throw error instanceof DomainError ? error.at({ file: db }) : error;
  } finally {
    await store.destroy();
  }
}

/** Names of studies that are told where another was asked for. */
const MOST_NAMES = 10;

async function checkStudy(store: Store, study: string): Promise<void> {
  if ((await findStudy(store, study)) !== undefined) return;
  const names = (await listStudies(store)).map(({ definition }) => definition.name);
  const shown = [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ['…'] : [])];
  const expected = names.length === 0 ? 'there is none yet' : `expected one of ${shown.join(', ')}`;
  throw new DomainError('study_not_found', `no study is named "${study}": ${expected}`);
}
