import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore } from '../../store/open.ts';
import { explain, type Tolerance } from '../service/explain.ts';
import { sweepMemory } from '../service/sweep-memory.ts';
import { checkStudy } from './check-study.ts';
import { formatExplanation } from './format-explanation.ts';
import { httpfsFile } from './httpfs-file.ts';
import { checkHasPath, logLocation, logText } from './log-location.ts';
import { readStudyFile } from './study-file.ts';
import { withFile } from './with-file.ts';

export interface ExplainOptions {
  readonly log?: string;
  readonly db: string;
  readonly seed?: number;
  readonly within?: Tolerance;
  readonly step?: number;
  readonly holdout?: number;
  readonly top: number;
  readonly workers: number;
  /** Bytes that reading the log may take. */
  readonly memory?: number;
  readonly json?: boolean;
}

/** Prints what the best trial of a stored sweep means; the log is read, nothing is stored. */
export async function runExplain(file: string, options: ExplainOptions): Promise<void> {
  const { db, seed, step, holdout, memory, within, top, workers, json } = options;
  const { definition, locate } = await readStudyFile(file, {
    ...(seed !== undefined && { seed }),
    ...(step !== undefined && { step }),
    ...(holdout !== undefined && { holdout: { share: holdout } }),
  });
  const { paths, folder } = logLocation(file, definition, options.log);
  const log = logText({ paths, folder });
  try {
    checkHasPath(definition, options.log);
    checkDatabaseFile(db, { mustExist: true });
    const explanation = await explain(definition, {
      loadLog: async (wanted) => {
        if (definition.log !== undefined) process.stderr.write(`reading ${log}\n`);
        const { loadLog } = await import('../service/load-log.ts');
        return loadLog(wanted, paths, {
          folder,
          memoryBudget: memory,
          // Trials and rounded weights are evaluated again.
          furtherMemory: sweepMemory(wanted, workers),
          httpfs: httpfsFile(),
        });
      },
      openStore: async () => {
        const store = await openStore(db);
        try {
          await checkStudy(store, definition.name);
          return store;
        } catch (error) {
          await store.destroy();
          throw error;
        }
      },
      workers,
      cutoff: top,
      ...(within !== undefined && { within }),
    });
    process.stdout.write(
      `${json === true ? JSON.stringify(explanation, null, 2) : formatExplanation(explanation, process.stdout.columns)}\n`,
    );
  } catch (error) {
    throw locate(
      withFile(error, {
        study_unsupported: file,
        study_changed: file,
        study_objectives: file,
        log_invalid: log,
        database_invalid: db,
        study_not_found: db,
        request_invalid: db,
      }),
    );
  }
}
