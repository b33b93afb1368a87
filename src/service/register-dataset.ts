import { realpath, stat } from 'node:fs/promises';
import { findDataset, insertDataset, moveDataset, type StoredDataset } from '../../store/datasets.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { datasetNameSchema } from '../domain/dataset.ts';
import { DomainError } from '../domain/errors.ts';
import { parseWith } from '../domain/schema.ts';
import { fingerprint } from '../evaluator/fingerprint.ts';
import { describeLog } from '../evaluator/log/describe-log.ts';
import { noRowsError } from '../evaluator/log/empty-log.ts';
import { findLogFiles, nameFiles } from '../evaluator/log/find-log-files.ts';
import { isRemote } from '../evaluator/log/remote-path.ts';
import type { Clock } from './clock.ts';

/** Throws `dataset_invalid` for what cannot be the name of a dataset. */
export function checkDatasetName(name: string): string {
  try {
    return parseWith(datasetNameSchema, name, 'dataset_invalid');
  } catch {
    throw new DomainError(
      'dataset_invalid',
      `"${name.slice(0, 64)}" cannot name a dataset: expected 1 to 64 lower-case letters, digits, - and _, a letter or digit first`,
    );
  }
}

/**
 * Files as a dataset: their real places, with the SHA-256 of their bytes, their rows and columns. `paths` are files and patterns
 * as `findLogFiles` takes them.
 *
 * Throws `dataset_invalid`, `log_unreadable`.
 */
export async function describeDataset(
  name: string,
  paths: readonly string[],
  clock: Clock,
): Promise<StoredDataset> {
  checkDatasetName(name);
  const remote = paths.find(isRemote);
  if (remote !== undefined) {
    throw new DomainError('dataset_invalid', 'is not on this machine: expected a local file', {
      file: remote,
    });
  }
  const found = await findLogFiles(paths);
  // What is wrong with a file is told under the name that it was given.
  const { rows, columns } = await describeLog(found);
  if (rows === 0) throw noRowsError(0, nameFiles(found));
  const files = await findLogFiles(await Promise.all(found.map((path) => realpath(path))));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return {
    name,
    files,
    fingerprint: await fingerprint(files),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    rows,
    requests: null,
    columns: columns.map(({ name: column, declared }) => ({ name: column, type: declared })),
    createdAt: clock(),
  };
}

/**
 * Stores a dataset. The same bytes under the same name are the same dataset, wherever they lie now.
 *
 * Throws `dataset_exists` for a name with other bytes.
 */
export async function registerDataset(store: Store, dataset: StoredDataset): Promise<StoredDataset> {
  const { name, files } = dataset;
  return inTransaction(store, async (transaction) => {
    if (await insertDataset(transaction, dataset)) return dataset;
    if (!(await moveDataset(transaction, name, dataset.fingerprint, files))) {
      throw new DomainError(
        'dataset_exists',
        `dataset "${name}" is registered with other bytes: expected another name, or "pondera datasets remove ${name}" before`,
      );
    }
    return (await findDataset(transaction, name))!;
  });
}
