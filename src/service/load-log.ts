import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { fingerprint } from '../evaluator/fingerprint.ts';
import { findLogFiles } from '../evaluator/log/find-log-files.ts';
import type { FurtherMemory } from '../evaluator/log/memory-budget.ts';
import { readLog } from '../evaluator/read-log.ts';

/** A log in memory, with its fingerprint. */
export interface LoadedLog {
  readonly log: EngagementLog;
  readonly fingerprint: string;
}

export interface LoadOptions {
  /** What names of files and patterns are relative to; left out, the working directory. */
  readonly folder?: string;
  /** Bytes that reading, and what follows, may take; left out, half of the machine's. */
  readonly memoryBudget?: number | undefined;
  readonly furtherMemory?: FurtherMemory;
  /** The file of DuckDB's extension that s3:// paths take. */
  readonly httpfs?: string | undefined;
}

/**
 * Reads the log of a study from where it is on this machine, by names of files and patterns; the study says where its
 * author had it.
 *
 * Throws `study_unsupported` for a study without one, and what `readLog` throws.
 */
export async function loadLog(
  { log, heads, baseline, holdout, seed }: StudyDefinition,
  paths: string | readonly string[],
  { folder = '', memoryBudget, furtherMemory, httpfs }: LoadOptions = {},
): Promise<LoadedLog> {
  if (log === undefined || heads === undefined) {
    throw new DomainError(
      'study_unsupported',
      'the study has no log to sweep on: add log and heads, or serve it to an external evaluator (pondera serve)',
    );
  }
  const baselineScore =
    baseline !== undefined && 'scoreColumn' in baseline ? baseline.scoreColumn : undefined;
  const files = await findLogFiles(paths, folder, httpfs);
  const loaded = await readLog({
    ...log,
    path: files,
    httpfs,
    heads: inOrderOfName(heads),
    ...(memoryBudget !== undefined && { memoryBudget }),
    furtherMemory,
    ...(baselineScore !== undefined && { baselineScore }),
    ...(holdout !== undefined && { heldOut: { holdout, seed } }),
  });
  return { log: loaded, fingerprint: await fingerprint(files, httpfs) };
}

/** One order whatever that of the study file: the utility is summed, and rounded, in the order of heads. */
export function inOrderOfName(
  heads: NonNullable<StudyDefinition['heads']>,
): NonNullable<StudyDefinition['heads']> {
  return Object.fromEntries(Object.entries(heads).sort(([a], [b]) => (a < b ? -1 : 1)));
}
