import { DomainError } from '../domain/errors.ts';
import type { PartialStudyDefinition } from '../domain/study.ts';
import { type DataReport, dataReport } from '../evaluator/data-report.ts';
import { type DataWarning, dataWarnings } from '../evaluator/data-warnings.ts';
import { findLogFiles } from '../evaluator/log/find-log-files.ts';
import { readLog } from '../evaluator/read-log.ts';
import { inOrderOfName, type LoadOptions } from './load-log.ts';

export type { CalibrationFit, HeadReport } from '../evaluator/data-report.ts';
export type { ReliabilityBin } from '../evaluator/reliability.ts';

/** What a log holds, and what should be known of it before a sweep. */
export interface LogInspection extends DataReport {
  readonly files: readonly string[];
  readonly warnings: readonly DataWarning[];
}

/**
 * Looks at the log of a study that need not be finished: log and heads are enough.
 *
 * Throws `study_unsupported` for a study without them, and what `readLog` throws.
 */
export async function inspectLog(
  { log, heads, baseline }: PartialStudyDefinition,
  paths: string | readonly string[],
  { folder = '', memoryBudget }: LoadOptions = {},
): Promise<LogInspection> {
  if (log === undefined || heads === undefined) {
    throw new DomainError('study_unsupported', 'the study has no log to inspect: add log and heads');
  }
  const files = await findLogFiles(paths, folder);
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
    heads: asLogged,
    ...(baseline !== undefined && 'scoreColumn' in baseline && { baselineScore: baseline.scoreColumn }),
    ...(memoryBudget !== undefined && { memoryBudget }),
  });
  const report = dataReport(loaded, ordered);
  return { files, ...report, warnings: dataWarnings(report) };
}
