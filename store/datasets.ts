import { z } from 'zod';
import { type Dataset, datasetColumnSchema } from '../src/domain/dataset.ts';
import { DomainError } from '../src/domain/errors.ts';
import type { Store } from './open.ts';
import type { Database } from './schema.ts';

/** A dataset as stored, with where its files are: absolute, in the order in which they are read. */
export interface StoredDataset extends Dataset {
  readonly files: readonly string[];
}

/** Stores a dataset, unless one has its name. Returns whether it was stored. */
export async function insertDataset(store: Store, dataset: StoredDataset): Promise<boolean> {
  const { name, files, fingerprint, bytes, rows, requests, columns, createdAt } = dataset;
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('datasets')
    .values({
      name,
      files: JSON.stringify(files),
      fingerprint,
      bytes,
      row_count: rows,
      request_column: requests?.column ?? null,
      request_count: requests?.count ?? null,
      columns: JSON.stringify(columns),
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findDataset(store: Store, name: string): Promise<StoredDataset | undefined> {
  const row = await store.selectFrom('datasets').selectAll().where('name', '=', name).executeTakeFirst();
  return row && fromRow(row);
}

/** The dataset with these bytes; of several the first by name. */
export async function findDatasetOfBytes(
  store: Store,
  fingerprint: string,
): Promise<StoredDataset | undefined> {
  const row = await store
    .selectFrom('datasets')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .orderBy('name')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The datasets by name: those after one, at most so many. */
export async function listDatasets(
  store: Store,
  after = '',
  most = Number.MAX_SAFE_INTEGER,
): Promise<readonly StoredDataset[]> {
  const rows = await store
    .selectFrom('datasets')
    .selectAll()
    .where('name', '>', after)
    .orderBy('name')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** Says where the same bytes lie now. Returns false where the dataset has other ones, or is gone. */
export async function moveDataset(
  store: Store,
  name: string,
  fingerprint: string,
  files: readonly string[],
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('datasets')
    .set({ files: JSON.stringify(files) })
    .where('name', '=', name)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Says how many requests a dataset has, where nobody has said before. */
export async function countRequests(
  store: Store,
  name: string,
  fingerprint: string,
  { column, count }: { readonly column: string; readonly count: number },
): Promise<void> {
  await store
    .updateTable('datasets')
    .set({ request_column: column, request_count: count })
    .where('name', '=', name)
    .where('fingerprint', '=', fingerprint)
    .where('request_column', 'is', null)
    .execute();
}

/** Forgets a dataset; its files stay. Returns whether there was one. */
export async function removeDataset(store: Store, name: string): Promise<boolean> {
  const { numDeletedRows } = await store
    .deleteFrom('datasets')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

const filesSchema = z.array(z.string()).min(1);
const columnsSchema = z.array(datasetColumnSchema);

/** Throws `database_invalid`. */
function fromRow(row: Database['datasets']): StoredDataset {
  try {
    return {
      name: row.name,
      files: filesSchema.parse(JSON.parse(row.files)),
      fingerprint: row.fingerprint,
      bytes: row.bytes,
      rows: row.row_count,
      requests:
        row.request_column === null ? null : { column: row.request_column, count: row.request_count! },
      columns: columnsSchema.parse(JSON.parse(row.columns)),
      createdAt: row.created_at,
    };
  } catch {
    throw new DomainError('database_invalid', `dataset "${row.name}" as stored cannot be read`);
  }
}
