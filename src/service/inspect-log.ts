import { calibrationProblems } from '../domain/calibration-rules.ts';
import { DomainError } from '../domain/errors.ts';
import { holdoutProblems } from '../domain/holdout-rules.ts';
import type { PartialStudyDefinition } from '../domain/study.ts';
import { type DataReport, dataReport } from '../evaluator/data-report.ts';
import { type DataWarning, dataWarnings } from '../evaluator/data-warnings.ts';
import { headReliability, type HeadReliability } from '../evaluator/head-reliability.ts';
import { findLogFiles } from '../evaluator/log/find-log-files.ts';
import { readLog } from '../evaluator/read-log.ts';
import { heldOutRequests } from '../evaluator/split-log.ts';
import { inOrderOfName, type LoadOptions } from './load-log.ts';

export type { CalibrationFit, HeadReport } from '../evaluator/data-report.ts';
export type { HeadReliability } from '../evaluator/head-reliability.ts';
export {
  LOG_BINS_PER_DECADE,
  LOG_DECADES,
  type ReliabilityDiagram,
} from '../evaluator/reliability-diagram.ts';
export type { ReliabilityBin } from '../evaluator/reliability.ts';

/** What a log holds, and what should be known of it before a sweep. */
export interface LogInspection extends DataReport {
  readonly files: readonly string[];
  readonly warnings: readonly DataWarning[];
}

export interface InspectContext extends LoadOptions {
  /** Told what is needed for the figures of reliability, where they are wanted: of the heads that have a label. */
  readonly onReliability?: ((heads: readonly HeadReliability[]) => Promise<void>) | undefined;
}

/**
 * Looks at the log of a study that need not be finished: log and heads are enough.
 *
 * Throws `study_unsupported` for a study without them, and what `readLog` throws.
 */
export async function inspectLog(
  { log, heads, baseline, holdout, seed }: PartialStudyDefinition,
  paths: string | readonly string[],
  { folder = '', memoryBudget, httpfs, onReliability }: InspectContext = {},
): Promise<LogInspection> {
  if (log === undefined || heads === undefined) {
    throw new DomainError('study_unsupported', 'the study has no log to inspect: add log and heads');
  }
  const isFitted = Object.values(heads).some(({ calibration }) => calibration === 'isotonic');
  // Of a study that is not finished, these rules alone bear on what is said of the log.
  for (const { path, message } of [...calibrationProblems({ heads }), ...holdoutProblems({ holdout, log })]) {
    throw new DomainError('study_invalid', message, { pointer: `/${path.join('/')}` });
  }
  const files = await findLogFiles(paths, folder, httpfs);
  const ordered = inOrderOfName(heads);
  const asLogged = Object.fromEntries(
    Object.entries(ordered).map(([name, head]) => [
      name,
      { ...head, calibration: 'none' as const, negativeKeepRate: 1 },
    ]),
  );
  const loaded = await readLog({
    ...log,
    path: files,
    httpfs,
    heads: asLogged,
    ...(baseline !== undefined && 'scoreColumn' in baseline && { baselineScore: baseline.scoreColumn }),
    ...(memoryBudget !== undefined && { memoryBudget }),
  });
  const held = holdout && isFitted ? heldOutRequests(loaded, holdout, seed).held : undefined;
  const report = dataReport(loaded, ordered, held);
  if (onReliability !== undefined) {
    const labelled = loaded.heads.filter(({ name }) => report.heads[name]!.before !== null);
    await onReliability(
      labelled.map((columns) => headReliability(loaded, columns, ordered[columns.name]!, held)),
    );
  }
  return { files, ...report, warnings: dataWarnings(report) };
}
