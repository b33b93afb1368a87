import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import type { Clock } from '../service/clock.ts';
import { openComputePool } from '../service/compute-pool.ts';
import { whatIfStudy } from '../service/what-if-study.ts';
import { checkStudy } from './check-study.ts';
import { formatWhatIf } from './format-what-if.ts';

export interface WhatIfOptions {
  readonly db: string;
  readonly guardrail?: readonly string[];
  readonly workers: number;
  readonly json?: boolean;
}

/** Prints what the trials of a study in a database that exists answer under other guardrails; nothing is stored. */
export async function runWhatIf(
  study: string,
  { db, guardrail = [], workers, json }: WhatIfOptions,
  clock: Clock,
): Promise<void> {
  checkDatabaseFile(db, { mustExist: true });
  const store = await openStore(db);
  try {
    await checkStudy(store, study);
    const pool = openComputePool(workers);
    try {
      const report = await whatIfStudy({ store, pool, clock }, study, guardrail);
      process.stdout.write(
        `${json === true ? JSON.stringify(report, null, 2) : formatWhatIf(report, process.stdout.columns)}\n`,
      );
    } finally {
      await pool.close();
    }
  } catch (error) {
    throw placed(error, db);
  } finally {
    await store.destroy();
  }
}

/** What the guardrails of the option have wrong is told there, all else in the database. */
function placed(error: unknown, db: string): unknown {
  if (!(error instanceof DomainError)) return error;
  const { code, message, details } = error;
  const inOption = code === 'study_invalid' || code === 'baseline_invalid';
  // The pointer is into a study that nobody has written down.
  return inOption ? new DomainError(code, message, { file: '--guardrail' }, details) : error.at({ file: db });
}
