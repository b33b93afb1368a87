import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import { openComputePool } from '../service/compute-pool.ts';
import { modelOfStudy } from '../service/model-of-study.ts';
import { checkStudy } from './check-study.ts';
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
