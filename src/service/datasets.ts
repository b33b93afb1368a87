import { findDataset, listDatasets, removeDataset, type StoredDataset } from '../../store/datasets.ts';
import type { Store } from '../../store/open.ts';
import type { Dataset } from '../domain/dataset.ts';
import { DomainError } from '../domain/errors.ts';

export type { Dataset } from '../domain/dataset.ts';

type ReadContext = { readonly store: Store };

/** A page of the datasets by name, and whether more follow. */
export async function datasetPage(
  { store }: ReadContext,
  { after, most }: { readonly after: string | undefined; readonly most: number },
): Promise<{ readonly datasets: readonly Dataset[]; readonly hasMore: boolean }> {
  const datasets = await listDatasets(store, after, most + 1);
  return { datasets: datasets.slice(0, most).map(withoutFiles), hasMore: datasets.length > most };
}

/** Throws `dataset_not_found`. */
export async function readDataset({ store }: ReadContext, name: string): Promise<Dataset> {
  return withoutFiles(await getDataset(store, name));
}

/** All datasets with where they lie, for who operates the service. */
export async function allDatasets({ store }: ReadContext): Promise<readonly StoredDataset[]> {
  return listDatasets(store);
}

/** Forgets a dataset; its files stay. Throws `dataset_not_found`. */
export async function forgetDataset({ store }: ReadContext, name: string): Promise<void> {
  if (!(await removeDataset(store, name))) throw notFound(name);
}

async function getDataset(store: Store, name: string): Promise<StoredDataset> {
  const dataset = await findDataset(store, name);
  if (dataset === undefined) throw notFound(name);
  return dataset;
}

function notFound(name: string): DomainError {
  return new DomainError('dataset_not_found', `no dataset is named "${name.slice(0, 64)}"`);
}

/** Where a dataset lies is nobody's business but the operator's. */
function withoutFiles({ files: _files, ...dataset }: StoredDataset): Dataset {
  return dataset;
}
