import { checkDatabaseFile } from '../../../store/check-file.ts';
import { openStore, type Store } from '../../../store/open.ts';
import { findStudy, getStudy, type StoredStudy } from '../../../store/studies.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { Clock } from '../../service/clock.ts';
import { openComputePool } from '../../service/compute-pool.ts';
import { createStudy } from '../../service/create-study.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { settleOnline } from '../../service/settle-online.ts';
import { createStudyQueue } from '../../service/study-queue.ts';
import { checkStudy } from '../check-study.ts';
import { readStudyFile, type StudyFile } from '../study-file.ts';

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

/**
 * Works with a stored study, by its name or by its file: what the file says of experiments is then settled first, and a study without
 * a log is stored where it is not yet.
 *
 * Errors that have no place of their own lie in the database.
 */
export async function withStoredStudy<Result>(
  db: string,
  study: string,
  clock: Clock,
  work: (store: Store, stored: StoredStudy) => Promise<Result>,
): Promise<Result> {
  const file = STUDY_FILE.test(study) ? await readStudyFile(study) : undefined;
  checkDatabaseFile(db, { mustExist: file === undefined || file.definition.log !== undefined });
  const store = await openStore(db);
  try {
    if (file !== undefined) await settle(store, study, file, clock);
    const name = file?.definition.name ?? study;
    await checkStudy(store, name);
    return await work(store, await getStudy(store, name));
  } catch (error) {
    if (!(error instanceof DomainError) || OF_INPUT.has(error.code)) throw error;
    throw error.at({ file: db });
  } finally {
    await store.destroy();
  }
}

const STUDY_FILE = /\.(ya?ml|json)$/i;

async function settle(
  store: Store,
  path: string,
  { definition, locate }: StudyFile,
  clock: Clock,
): Promise<void> {
  const context = { store, clock, actor: 'cli' };
  try {
    if ((await findStudy(store, definition.name)) !== undefined) {
      if (definition.online !== undefined) await settleOnline(context, definition.name, definition.online);
    } else if (definition.log === undefined) {
      await createStudy(context, definition);
    } else {
      throw new DomainError(
        'study_not_found',
        `study "${definition.name}" is not stored: expected a sweep of it first (pondera sweep ${path})`,
      );
    }
  } catch (error) {
    throw locate(
      error instanceof DomainError && error.code !== 'study_not_found' ? error.at({ file: path }) : error,
    );
  }
}

/** The same with worker threads, for use cases that compute. */
export async function withStudy<Result>(
  { db, workers }: StudyOptions,
  study: string,
  clock: Clock,
  work: (context: ServiceContext, stored: StoredStudy) => Promise<Result>,
): Promise<Result> {
  return withStoredStudy(db, study, clock, async (store, stored) => {
    const pool = openComputePool(workers);
    try {
      return await work({ store, pool, queue: createStudyQueue(), clock, actor: 'cli' }, stored);
    } finally {
      await pool.close();
    }
  });
}
