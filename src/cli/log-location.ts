import { dirname, isAbsolute, join } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';

export interface LogLocation {
  /** Names of files, and patterns. */
  readonly paths: string | readonly string[];
  /** What they are relative to. */
  readonly folder: string;
}

/** Where the log is: as the option says from here, else as the study file says from its own folder. */
export function logLocation(
  studyFile: string,
  { log }: Pick<StudyDefinition, 'log'>,
  option: string | undefined,
): LogLocation {
  if (option) return { paths: option, folder: '' };
  return { paths: log?.path ?? '', folder: dirname(studyFile) };
}

/** Throws `study_unsupported` for a study on a registered dataset, unless the option says where its log is. */
export function checkHasPath({ log }: Pick<StudyDefinition, 'log'>, option: string | undefined): void {
  if (log?.dataset === undefined || option) return;
  throw new DomainError(
    'study_unsupported',
    `names the registered dataset "${log.dataset}", which "pondera serve" sweeps on: expected path: FILE, or --log FILE`,
    { pointer: '/log/dataset' },
  );
}

/** A location for messages. */
export function logText({ paths, folder }: LogLocation): string {
  const list = typeof paths === 'string' ? [paths] : paths;
  return list
    .map((path) => (isAbsolute(path) || path.startsWith('s3://') ? path : join(folder, path)))
    .join(', ');
}
