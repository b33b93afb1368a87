import { checkDatabaseFile } from '../../store/check-file.ts';
import { openStore } from '../../store/open.ts';
import type { Clock } from '../service/clock.ts';
import { sweep } from '../service/sweep.ts';
import { sweepMemory } from '../service/sweep-memory.ts';
import { formatReport } from './format-report.ts';
import { httpfsFile } from './httpfs-file.ts';
import { jsonReport } from './json-report.ts';
import { checkHasPath, logLocation, logText } from './log-location.ts';
import { explainArguments, isInMemory } from './next-steps.ts';
import { readStudyFile } from './study-file.ts';
import { sweepProgress } from './sweep-progress.ts';
import { withFile } from './with-file.ts';

export interface SweepOptions {
  readonly log?: string;
  readonly db: string;
  readonly seed?: number;
  readonly trials?: number;
  readonly holdout?: number;
  readonly bootstrap?: number;
  readonly workers: number;
  readonly form?: 'rows' | 'histogram';
  /** Bytes that reading the log may take. */
  readonly memory?: number;
  readonly json?: boolean;
}

/** Runs a study's trials on its log, shows how far it is on stderr, and prints what it found. */
export async function runSweep(file: string, options: SweepOptions, clock: Clock): Promise<void> {
  const { definition: written, locate } = await readStudyFile(file, {
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.trials !== undefined && { budget: options.trials }),
    ...(options.holdout !== undefined && { holdout: { share: options.holdout } }),
  });
  const { form = written.log?.form } = options;
  const definition = { ...written, log: written.log && { ...written.log, form } };
  const start = performance.now();
  // A database that cannot be used is told before a long log is read.
  checkDatabaseFile(options.db);
  const progress = sweepProgress(process.stderr);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      progress.stop();
      const after = isInMemory(options.db) ? 'lost with its memory' : 'the same command goes on from there';
      process.stderr.write(`${progress.summary()}; ${after}\n`);
      // As the signal would have: a shell sees 128 + its number, and no thread is ended while it loads its modules.
      process.kill(process.pid, signal);
    });
  }
  let seconds: string | undefined;
  const tellDone = (): void => {
    if (seconds !== undefined) return;
    seconds = ((performance.now() - start) / 1000).toFixed(1);
    progress.stop();
    process.stderr.write(`${progress.summary()}, in ${seconds} s\n`);
  };
  try {
    checkHasPath(definition, options.log);
    const result = await sweep(definition, {
      loadLog: async () => {
        const { paths, folder } = logLocation(file, definition, options.log);
        if (definition.log !== undefined) process.stderr.write(`reading ${logText({ paths, folder })}\n`);
        // DuckDB's library of 70 MB: loaded by the command that reads logs, and by no other.
        const { loadInForm } = await import('../service/load-in-form.ts');
        return loadInForm(definition, paths, {
          folder,
          memoryBudget: options.memory,
          httpfs: httpfsFile(),
          furtherMemory: sweepMemory(definition, options.workers, options.bootstrap),
          isBootstrapped: options.bootstrap !== undefined,
          onHistogram: (line) => process.stderr.write(`${line}\n`),
        });
      },
      openStore: () => openStore(options.db),
      workers: options.workers,
      replicates: options.bootstrap,
      clock,
      onProgress: progress.update,
      onBootstrap: (trial) => {
        tellDone();
        process.stderr.write(`bootstrapping trial ${trial} with ${options.bootstrap} replicates\n`);
      },
    });
    const explain = explainArguments(file, options);
    const report =
      options.json === true
        ? jsonReport(result)
        : formatReport(result, { file: options.db, explain }, process.stdout.columns);
    tellDone();
    process.stdout.write(`${report}\n`);
  } catch (error) {
    progress.stop();
    const log = logText(logLocation(file, definition, options.log));
    throw locate(
      withFile(error, {
        study_unsupported: file,
        study_changed: file,
        study_objectives: file,
        log_invalid: log,
        database_invalid: options.db,
      }),
    );
  }
}
