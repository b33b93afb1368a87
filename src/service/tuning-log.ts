import type { StoredStudy } from '../../store/studies.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { splitLog } from '../evaluator/split-log.ts';
import type { LoadedLog } from './load-log.ts';

/**
 * The part of a study's log that its trials were scored on.
 *
 * Throws `study_unsupported` for a study without a log, or swept in another form than rows, and `study_changed` for another log than
 * that of the sweep.
 */
export function tuningLog(
  { definition, logFingerprint }: Pick<StoredStudy, 'definition' | 'logFingerprint'>,
  { log, fingerprint }: LoadedLog,
): EngagementLog {
  checkRanks(definition);
  if (logFingerprint !== null && logFingerprint !== fingerprint) {
    throw new DomainError(
      'study_changed',
      `study "${definition.name}" was swept on another log: expected the same bytes, with which its trials can be compared`,
    );
  }
  const { holdout, seed } = definition;
  return holdout === undefined ? log : splitLog(log, holdout, seed).tune;
}

/** Throws `study_unsupported` for a study whose log keeps no rankings. */
export function checkRanks({ name, log, heads }: StudyDefinition): void {
  if (log === undefined || heads === undefined) {
    throw new DomainError(
      'study_unsupported',
      `study "${name}" has no log: expected none to compare arms on`,
    );
  }
  if (log.form !== 'histogram') return;
  throw new DomainError(
    'study_unsupported',
    `study "${name}" was swept in the histogram form, which keeps no rankings: expected a sweep in log.form: rows`,
  );
}
