import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import type { StoredDataset } from '../../store/datasets.ts';
import { DomainError } from '../domain/errors.ts';

/**
 * The files of a dataset, all beneath the folder that the service may read, none of them reached by a link, and as large as they were
 * when they were registered.
 *
 * Throws `dataset_unusable` without naming a path.
 */
export async function usableFiles(
  { name, files, bytes }: StoredDataset,
  root: string,
): Promise<readonly string[]> {
  const realRoot = await realpath(root).catch(() => undefined);
  let size = 0;
  for (const [i, file] of files.entries()) {
    const which = files.length === 1 ? `dataset "${name}"` : `file ${i + 1} of dataset "${name}"`;
    const place = await realpath(file).catch(() => undefined);
    if (place === undefined) throw unusable(`${which} is gone: expected it where it was registered`);
    if (place !== file) {
      throw unusable(`${which} is reached by a link now: expected the file itself, registered again`);
    }
    if (realRoot === undefined || !isBeneath(realRoot, file)) {
      throw unusable(
        `${which} is not in the folder that the service may read: expected it there (--datasets)`,
      );
    }
    size += (await stat(file)).size;
  }
  if (size === bytes) return files;
  throw unusable(
    `dataset "${name}" is not what was registered, it has ${size} bytes instead of ${bytes}: expected the same, or another dataset`,
  );
}

/** Whether a path is inside a folder; both without links. */
function isBeneath(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

function unusable(message: string): DomainError {
  return new DomainError('dataset_unusable', message);
}
