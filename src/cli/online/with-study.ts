import { checkDatabaseFile } from '../../../store/check-file.ts';
import { openStore, type Store } from '../../../store/open.ts';
import { getStudy, type StoredStudy } from '../../../store/studies.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { Clock } from '../../service/clock.ts';
import { openComputePool } from '../../service/compute-pool.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { createStudyQueue } from '../../service/study-queue.ts';
import { checkStudy } from '../check-study.ts';

export interface StudyOptions {
  readonly db: string;
  readonly workers: number;
}

/** What is told of the input, and not of the database. */
const OF_INPUT: ReadonlySet<ErrorCode> = new Set([
  'readout_invalid',
  'weights_invalid',
  'log_unreadable',
  'log_invalid',
]);

/** Works with a stored study of a database that exists. Errors that have no place of their own lie in the database. */
export async function withStoredStudy<Result>(
  db: string,
  study: string,
  work: (store: Store, stored: StoredStudy) => Promise<Result>,
): Promise<Result> {
  checkDatabaseFile(db, { mustExist: true });
  const store = await openStore(db);
  try {
    await checkStudy(store, study);
    return await work(store, await getStudy(store, study));
  } catch (error) {
    if (!(error instanceof DomainError) || OF_INPUT.has(error.code)) throw error;
    throw error.at({ file: db });
  } finally {
    await store.destroy();
  }
}

/** The same with worker threads, for use cases that compute. */
export async function withStudy<Result>(
  { db, workers }: StudyOptions,
  study: string,
  clock: Clock,
  work: (context: ServiceContext, stored: StoredStudy) => Promise<Result>,
): Promise<Result> {
  return withStoredStudy(db, study, async (store, stored) => {
    const pool = openComputePool(workers);
    try {
      return await work({ store, pool, queue: createStudyQueue(), clock, actor: 'cli' }, stored);
    } finally {
      await pool.close();
    }
  });
}
