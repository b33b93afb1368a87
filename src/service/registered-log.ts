import { DomainError } from '../domain/errors.ts';
import { fingerprint } from '../evaluator/fingerprint.ts';

/** A dataset as a process of the service reads it: files that were found usable, and the SHA-256 that their bytes are to have. */
export interface RegisteredLog {
  readonly name: string;
  readonly files: readonly string[];
  readonly fingerprint: string;
}

/** Loads a dataset, whose bytes are to be what was registered before and after. Throws `dataset_unusable`, and what `load` throws. */
export async function loadRegistered<Loaded extends { readonly fingerprint: string }>(
  dataset: RegisteredLog,
  load: (files: readonly string[]) => Promise<Loaded>,
): Promise<Loaded> {
  const { name, files } = dataset;
  if ((await fingerprint(files)) !== dataset.fingerprint) throw changed(name);
  const loaded = await load(files);
  if (loaded.fingerprint !== dataset.fingerprint) throw changed(name);
  return loaded;
}

function changed(name: string): DomainError {
  return new DomainError(
    'dataset_unusable',
    `dataset "${name}" is not what was registered, its bytes have changed: expected the same, or another dataset`,
  );
}
