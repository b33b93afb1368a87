import { dirname } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import type { SweepProblem } from '../domain/sweep.ts';
import type { RegisteredLog } from './registered-log.ts';

/** What went wrong, with the names of datasets in place of those of files; faults of the program are not told at all. */
export function problemWithoutPaths(error: unknown, { name, files }: RegisteredLog): SweepProblem {
  if (!(error instanceof DomainError)) {
    return { code: 'internal', detail: 'the sweep broke down; the log of the service says why' };
  }
  const { code, message, place } = error;
  const { file, line, pointer } = place;
  const ofDataset = (i: number): string =>
    files.length === 1 ? `dataset "${name}"` : `file ${i + 1} of dataset "${name}"`;
  const hide = (text: string): string =>
    [...files, ...new Set(files.map(dirname))].reduce(
      (hidden, path, i) => hidden.replaceAll(path, i < files.length ? ofDataset(i) : `dataset "${name}"`),
      text,
    );
  const where = [
    file === undefined ? undefined : hide(file),
    line === undefined ? undefined : `line ${line}`,
    pointer === undefined || pointer === '' ? undefined : pointer,
  ].filter((part) => part !== undefined);
  return { code, detail: [...where, hide(message)].join(': ') };
}
